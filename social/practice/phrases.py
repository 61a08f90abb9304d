"""The parts that residents' replies are made of, by kind of reply and, after a slash, kind of post.

Every line is invented. `+`, `-` and `=` say the stance toward the police or the post as docs/definitions.md defines it:
anger at an offender, a lead, a question, grief and a complaint about somebody else are neutral, joining in with a
light post is positive, and sarcasm counts as what it means."""

SLOTS: dict[str, tuple[str, ...]] = {
    "street": (
        "Quarry Lane", "Kiln Street", "Bakers Row", "Weavers Court", "Mill Road", "Tannery Road", "Chapel Walk", "Beck Lane",
        "Orchard Way", "Larch Avenue", "Corder Street", "Market Street", "Station Road", "Fennel Close", "Priory Hill",
    ),
    "time": (
        "half one in the morning", "3am", "02:15", "just after 11", "ten to six", "4.40am", "tea time", "midnight",
        "9pm", "7.20ish", "quarter past two", "school run time", "6.50 this morning", "half eight",
    ),
    "day": ("Monday", "Tuesday", "Wednesday night", "Thursday", "Friday night", "Saturday", "Sunday", "yesterday", "last night"),
    "car": ("Corsa", "Transit", "Fiesta", "Golf", "Astra", "Audi estate", "Qashqai", "flatbed", "moped", "quad", "Berlingo"),
    "colour": ("white", "silver", "dark blue", "red", "black", "grey", "green"),
    "reg": ("WD19", "ending KXA", "starting LT71", "ending 4 something", "WD68", "starting BK"),
    "clothes": ("a dark hoodie", "grey trackies", "a hi-vis coat", "a puffa jacket", "a balaclava", "white trainers"),
    "who": ("lad", "bloke", "woman", "young lad", "fella", "couple", "group of lads"),
    "kin": ("mum", "nan", "neighbour", "daughter", "son", "mate", "dad", "sister", "wife", "uncle"),
    "topic": ("break-ins", "off-road bikes", "speeding", "car thefts", "parking", "shoplifting", "fly-tipping", "noise"),
    "months": ("two months", "three weeks", "a year", "six weeks", "eighteen months", "ages", "a fortnight"),
    "number": ("two", "three", "four", "five"),
    "first": ("Callum", "Dean", "Shaz", "Kyle", "Jonno", "Macca"),
    "landmark": ("the chip shop", "the bus shelter", "the garages", "the rec", "the Co-op", "the bridge", "the allotments"),
    "happy": ("👏", "👍", "❤️", "🙌", "💙", ""),
    "funny": ("😂", "🤣", "😂😂", "lol", "😆", "haha"),
    "cross": ("😡", "🙄", "🤬", "👎", ""),
    "sad": ("🙏", "😢", "💔", "❤️", ""),
}  # fmt: skip

SLIPS = (
    ("you are", "your"), ("they're", "there"), ("definitely", "defiantly"), ("receive", "recieve"), ("neighbour", "nieghbour"),
    ("because", "cos"), (" you ", " u "), ("tonight", "2nite"), ("thanks", "thx"), ("please", "pls"), ("Thanks", "Fanks"),
    ("people", "ppl"), ("really", "realy"), (" about ", " abt "), ("their", "there"), ("police", "polise"), (" are ", " r "),
    ("something", "summat"), ("nothing", "nowt"), ("have been", "av been"), ("should have", "should of"),
)  # fmt: skip

REPLIES: dict[str, str] = {
    "lead": """
        = {I saw|Saw|Pretty sure I saw} a <colour> <car> on <street> {<day>|at <time>}, {didn't think anything of it till now|engine running and no lights|<number> in it}
        = {Got|I've got} {something|them|a clip} on {my doorbell|the dashcam|our camera|next door's camera} at <time> {<day>|}, {how do I send it|where do I send it to|can someone message me}?
        = {Two|Three} lads in <clothes> {were hanging round|came past} <landmark> {about|at} <time>, {one had a rucksack|one limping|heading for <street>}""",
    "lead/appeal": """
        = {Footage here|Got footage}: <who> in <clothes> {trying door handles|looking in cars|carrying a box} on <street> at <time>. {Who wants it|How do I get it to you}?
        = There was a <colour> <car> {parked up|sat with its engine running} {at the end of|half way down} <street> from <time>, {reg <reg>|partial reg <reg>|no plates on it}
        = {Our|My} dashcam {was on all night|runs when parked}, I'm on <street>, I'll {check|look through} it {tonight|when I'm home} and send {anything|whatever I find}
        = {Think|I think} it's the same <who> who tried my {<kin>'s|neighbour's} shed <day>. {Grey|Black} beard, <clothes>, {on a kids bike|on foot|got in a <colour> <car>}
        = {Someone|A <who>} was trying to sell {tools|bikes|a strimmer} out of a <colour> <car> by <landmark> <day>, {seemed well cheap|took a photo of the plate}
        = {Everyone|Half the street} knows it's <first> {off the flats|from <street>}, {just go and knock|ask anyone}
        = heard {banging|glass going|a van door} at <time> on <street>, looked out and saw <number> of them {run|leg it} towards <landmark>
        = Seen {that|what looks like that} {bike|kit|generator} {on a selling page|up for sale online} {this morning|<day>}, screenshots taken if you want them
        = I was {walking the dog|driving home from nights|putting the bins out} at <time>, {passed|saw} a <who> in <clothes> by <landmark>, {proper shifty|wouldn't look at me|dropped something}""",
    "lead/missing": """
        = I think I {saw|passed} {them|someone like that} {by <landmark>|on <street>} {about <time>|an hour ago}, {looked a bit lost|walking towards the canal|on their own}
        = {Someone fitting that|Somebody like that} got on the 12 bus at <street> {about <time>|just now}, {driver might remember|bus has cameras}
        = Our doorbell {caught|has} somebody in that coat going past on <street> at <time>, {shall I send it|I can share it}""",
    "lead/road": """
        = {I've got|got} the whole thing on dashcam, was {two cars|three cars} behind at <time>, {how do I send it|who do I contact}?
        = a <colour> <car> went through {the red|on the wrong side} just before, reg <reg>""",
    "lead/prevention": """
        = Had {one of these|exactly this} {<day>|last week} on <street>, {two fellas in a <colour> <car>|number ended 4471, I kept it|he left a card}
        = {Two|A couple of} {lads|blokes} going round <street> at <time> {trying|testing} handles, {camera got one face|I have it on my phone}""",
    "question": """
        = {Is there|Have you got|Any chance of} {an update|any news} on {this|the <topic>|the <topic> on <street>}?
        = Who {is|do I ring for} our {PCSO|local officer|neighbourhood team} <in_place> {these days|now}?
        = {How|Where} do I {report the <topic>|get hold of someone} {without ringing 101|online|if it isn't urgent}?
        = {Does|Will} this {cover|include} <street> {as well|too}?
        = {What are you doing about|When will somebody look at} the <topic> {by <landmark>|on <street>}?""",
    "question/appeal": """
        = {What time|Which night} {was this|did it happen}? {Need to check my camera|my doorbell keeps a week}
        = {Is it|Was this} the top end or the bottom end of <street>?
        = {Do I need|have I got} to give my name {if I send something|to send a clip}?
        = Is it safe to {leave the van out|walk round there} {now|at night}?""",
    "question/missing": """
        = {Any news|Is there any news|have they been found} {yet|this evening}?
        = {Is there|anyone organising} a search {we can join|tonight}? {I've a big torch|got dogs and a 4x4}
        = What {was the coat like|colour was the coat} again? Photo's {tiny|not loading} on my phone""",
    "question/event": """
        = {Is there|Any} {parking|disabled parking|a ramp} at the venue?
        = {Do you need to book|Does it cost anything|do you have to live <in_place>}?
        = Can {kids|dogs|under 16s} come {too|along}?
        = {Will there be|are you doing} {one|another} {at the weekend|in the evening} for people who {work|can't do days}?
        = {What time does it|when does it} {finish|start} {again|on the day}?""",
    "question/road": """
        = {How long|any idea how long} {will it be shut|is it closed for}? {On way to hospital appt|need to get the kids}
        = Is <street> {ok|open} {as a way round|instead}?
        = Are buses still {getting through|running}?""",
    "question/prevention": """
        = {Where can I|how do I} get {one of those|a} {bell|pouch|lock|sticker}?
        = {What if|what do you do if} you've already {given them your details|paid them|clicked it}?
        = {Which|what} {locks|alarms|cameras} {do you recommend|are any good}?""",
    "question/light": """
        = {Is it|Is the little one} {ok now|back home}?
        = {Where|Whereabouts} {was this|did you find it}?
        = {What|so what} did you charge {it|them} with <funny>""",
    "question/result": """
        = {Will|Do} the owners get {their things|it} back?
        = {Was|were} {it|that} the same ones {from|off} <street>?""",
    "thanks": """
        + {Thank you|Thanks|Cheers} for {all you do|keeping us posted|letting us know|looking out for us} <in_place> <happy>
        + {Brilliant|Great|Cracking|Top} {work|job} {everyone|all|team|lads and lasses} <happy>
        + {Our|the} PCSO <in_place> is {a diamond|brilliant|always so kind}, {helped my <kin> no end|always stops for a chat}
        + {Good|Really good|Lovely} to see {you out and about|officers on foot|you on <street> again} <happy>
        + {Credit where it's due|Fair play}, {you came out quick|someone rang me back the same day|you sorted it}
        + {Proud of|Well done to} {our local team|the <local> team}. {Thankless job|Not an easy job}""",
    "thanks/appeal": """
        + {Thanks|Thank you} for {sharing|the heads up}, {have told the whole street|checking our camera now|will lock the shed tonight}
        + {Glad|Good} {you're on it|someone is looking into it}. {That's my <kin>'s road|we were next door}
        + {The officer who came|the lady who rang} was {lovely|so patient} with my <kin>, {thank you|please pass that on}""",
    "thanks/missing": """
        + {Thank you all|Thanks} for {looking|being out there in this weather|everything you're doing} <sad>
        + helicopter's been up {an hour|ages}, {amazing effort|thank you every one of you}""",
    "thanks/light": """
        + {This|That} {made my day|has cheered me right up|is just what I needed} <happy>
        + {More|We want more} of {this|these} please <happy>
        + {Love|Absolutely love} {this page|these posts|our local team} <happy>
        + {Thank you for|bless you for} {looking after the poor thing|being so gentle} <happy>
        + {Best|Nicest} thing on here {all week|today}, well done {both|team}""",
    "thanks/event": """
        + {Popped in|Went} {today|this morning}, {really helpful|lovely people|came away with a bell and a leaflet}, thank you
        + {Brilliant idea|Great idea}, {will be there|bringing all three kids|bringing my <kin>} <happy>
        + {Thanks for|good of you} coming out to <us>, {we don't get much|it's appreciated}""",
    "thanks/road": """
        + {Thanks|Cheers} for the {heads up|warning}, {saved me an hour|went the other way}
        + {Hats off to|Well done} {the officers|whoever was} directing traffic {in that rain|on <street>}""",
    "thanks/prevention": """
        + {Useful|Really useful|Handy}, {thank you|thanks}. {Told my <kin>|Ordered a pouch|Checked ours tonight}
        + {Good advice|Sound advice}, {shared with the street|read it out to my <kin>} <happy>
        + Thanks, {nearly fell for this|put the phone down on one} because of {your last post|you lot}""",
    "thanks/result": """
        + {Get in|Yes|Brilliant}, {well done all|great result|superb work} <happy>
        + {Great|Fantastic} work, {peace at last <in_place>|see it does pay to send clips in|you listened}
        + {Made up|So happy} with this, {it was my <kin>'s|my <kin> can sleep now}. {Thank you|Cheers} <happy>
        + {Finally|At last} some good news, {thank you to the team|nice one} <happy>""",
    "complaint": """
        - {Reported|Rang about} the <topic> on <street> <months> ago and {heard nothing|nobody came|got a number and that was it} <cross>
        - {Never|Haven't} seen a {bobby|copper|PCSO} on <street> in <months>
        - {Sat|Was} on hold to 101 for {40 minutes|an hour|50 mins} {<day> |}then {got cut off|gave up}
        - {Always an excuse|It's always excuses|never short of an excuse} with {you lot|this force}
        - {<number> crime numbers|Third crime number} this year and not {one|a single} visit <cross>
        = {Council|The council} {won't fix the lights on <street>|took the bins away|does nothing either}, {that's half the problem|nobody listens}""",
    "complaint/appeal": """
        - {Why has it taken|How come it took} {four days|a week|till now} to put this {out|on here}?
        - When {it was my van|my shed went|they did ours} {you didn't even come out|I got a text and nothing else}, {funny that|but there we go}
        - {Another appeal|Appeals appeals}, {never any arrests|when do we hear the end of one}
        - We {do your job for you|find the clips and you do the press release} {now|these days} <cross>
        - {No use|What's the point} asking for footage, I {sent mine|handed mine in} <months> ago and {nobody watched it|not a word}
        = {Courts|Judges} {let them out again|just slap wrists}, {that's the real problem|waste of time}""",
    "complaint/missing": """
        - {Why wasn't this|should have been} {put out|shared} {hours ago|this morning}?
        = {The home|That care home} {wants looking at|has form for this}, {third time|not the first}""",
    "complaint/light": """
        - {Glad|nice} you've {time for this|got time to play}, {my burglary|my stolen car} is still {"being looked into"|waiting}
        - {Is this|so this is} what {my council tax|we} pay for <cross>
        - {Rang|called} 101 for {an hour|50 mins} <day> but {at least the animals are fine|glad you got a nice photo} <cross>
        - {Catch|How about catching} {some actual criminals|whoever nicked my bike} {next|instead}""",
    "complaint/event": """
        - {Middle of a weekday|2pm on a weekday}, {great for those of us with jobs|who is that for exactly} <cross>
        - {Walked past|Came by}, {two of them on their phones|nobody there by half past|stood talking to each other}
        - {Talking shop|Another talking shop}, {come and see <street> at night instead|last one changed nothing}""",
    "complaint/road": """
        - {No signs|Not one sign} {up|out} till you're {on top of it|stuck in it}, {whoever planned that|well managed} <cross>
        - {Told you|we've told you} about {that junction|<street>} {for years|over and over} and {here we are|nothing done}
        = {Council|Highways} {have been told|know} about that {bend|junction} {for years|since <months> ago}, {death trap|disgrace}
        = {Every|every single} {week|month} {that road|<street>}, when will the {council|highways} sort it""",
    "complaint/prevention": """
        - So it's {our|the victim's} {fault|job} {now|again}, {how about some patrols|try arresting someone} <cross>
        - {A leaflet|A sticker}. {Crime solved|That'll show them}, {pack up|home time} <cross>
        - {Did all that|locked everything} and {still got done|they came through the roof}, {and you never came|not even a visit}
        = {Banks|The banks|Car makers} {should be made to|want making to} {pay|fix it}, {not us|greedy lot}""",
    "complaint/result": """
        - {One|One of them}. There's {twenty more|a whole gang} {out there|still at it}
        - {Took you|only took} {long enough|a year}, {after how many calls|and <number> victims later}
        - It'll {last a fortnight|be back by Monday}, {always does|seen it before}
        = {Is that all|That's it}? {Joke of a sentence|They'll be out by summer}. {Courts are a joke|Soft judges}""",
    "banter": """
        = {Somebody put the kettle on|You lot need more biscuits|asking for a friend} <funny>
        + This page {cracks me up|makes my day} <funny>
        = {<first>|our <first>} {look away now|this you|hide} <funny>
        = {not me|wasn't me officer}, I was {at my nan's|asleep|nowhere near <street>} <funny>""",
    "banter/light": """
        + {Lock|lock} {him|her|them} up and {throw away the key|no bail} <funny>
        + {Cuff|Did you cuff} {that|them} {first|officer} <funny>
        + {Clearly|that's clearly} the {ringleader|brains of the outfit} <funny>
        + {Looks|That face looks} {guilty|like it would do it again} to me <funny>
        + {Will there be|I want} a {photofit|wanted poster|podcast} <funny>
        + {Hope|hope} it got {a solicitor|its phone call|a cuppa} <funny>
        + {Proper|Now that's proper} {crime fighting|police work} that <funny>
        + {My <kin>|our <first>} has been {up to worse|cautioned for less} <funny>""",
    "banter/event": """
        + {Are|Will} there {biscuits|be cake|be free pens} <funny>
        + {Save|keep} me a {biscuit|go of the siren} <funny>""",
    "banter/appeal": """
        = {Picture|Camera} quality from {1987|a potato} <funny>
        = {Check|try} {my mother in law's|<first>'s} {shed|garage} <funny>
        = {tenner|fiver} says they're {in the pub|posting selfies with it} <funny>""",
    "banter/result": """
        + {Book|book} him {Danno|a long holiday} <funny>
        = {Hope|hope} the {food's good|bunk's hard} <funny>""",
    "abuse": """
        - {Useless|Pathetic|Lazy} {lot|shower|clowns} {the lot of you|every one of you|and you know it}
        - {Plastic|Pretend} {police|coppers} 🤡
        - {couldn't|this lot couldn't} {find their own backsides|run a bath}, {clowns|muppets}
        = {shut up|give over} you {muppet|daft cow|idiot}, {nobody asked you|always moaning}""",
    "abuse/appeal": """
        = {scumbags|vermin|rats} want {locking up|stringing up}, {all of them|the whole family}
        = {hope they|they want} {get their hands broken|a good kicking}, {scum|filthy scum}
        = {blame|I blame} the parents, {feral|animals} the lot of them""",
    "abuse/prevention": """
        = {scumbags|vermin|parasites} {robbing pensioners|the lot of them}, {string them up|want a good hiding}
        = anyone who falls for {that|this} is {thick|a moron}""",
    "abuse/result": """
        = {rot in there|hope he rots}, {rat|scum|you filth}
        = {look at the state of|ugly} {it|him}, {face like a dropped pie|inbred}""",
    "other": """
        = {Shared|Shared to our group|Shared <in_place>} <sad>
        = {Awful|Horrible|Shocking}, hope {everyone is|they're all} {alright|ok} <sad>
        = {Same|It's the same} on <street> {every summer|most weekends}
        = {Been here|Lived <in_place>} {30|40|22} years and {never known it like this|it was never like this}
        = @<first> {seen this|this is near you|look}
        = {Need|we need} {lights|a camera} {on|by} <landmark> {really|for a start}""",
    "other/appeal": """
        = {Scum|Absolute scum}, {some people work for what they have|hope it's insured} <cross>
        = {Poor things|So sorry for whoever it is}, {hope they get it back|horrible feeling that} <sad>
        = {Shared|Shared <in_place>|Sharing}, {somebody must know something|fingers crossed}
        = {Nothing|Nowt} is {safe|sacred} {any more|round here} these days
        = {Checked ours|looked at ours}, nothing on it {sorry|unfortunately}""",
    "other/missing": """
        = {Shared|Sharing|Shared all over} <sad>
        = {Praying|Hoping} {they're home soon|for good news|they're safe and warm} <sad>
        = {Shared <in_place>|Shared to the <local> group}, {come on everyone|keep your eyes open}
        = {Everyone|Please everyone} {check your sheds and garages|look in your gardens}
        = {Thinking of|thoughts with} the family <sad>
        = {So cold|Freezing} out there {tonight|too}, {hope they're found|please be ok} <sad>""",
    "other/light": """
        = {Same|Had the same} one in our garden {<day>|last year}
        + {Aww|Bless|So cute} <happy>
        + {Look at|Oh my days} {that little face|those eyes} <happy>
        = {Showed|Sent} {this to my <kin>|it to my <kin>, made us laugh} <funny>
        = {We get|There's} {loads of|a lot of} them {down by|near} <landmark>
        - {cringe|yawn|slow news day}""",
    "other/event": """
        = {Not for me|Can't make it}, {working|at work}
        + {See you there|We'll be there|In the diary} <happy>
        = {Tell them|Ask} about the <topic> {on <street>|while you're there}""",
    "other/road": """
        = {Hope|hope} {nobody's hurt|everyone got out} <sad>
        = {Diversion sign|The diversion sign} is {facing the wrong way|down} {at the top of|on} <street>
        = {Two|Saw two} ambulances go {past|by}, {looked bad|hope they're ok} <sad>
        = {Avoid|avoid} <street> {as well|too}, {solid|not moving}""",
    "other/prevention": """
        = {My <kin>|My nan} had {this|one of these} {last week|<day>}
        = {Low lifes|Lowest of the low} {preying on|picking on} {pensioners|old people} <cross>
        = {Shared|Passed on} to {the neighbours|our watch group}""",
    "other/result": """
        = {Good riddance|About time someone got caught}
        = {Hope|hope} {they got them for all of it|it sticks this time}
        + {Justice|Finally justice} {for <us>|done} <happy>""",
    "retort": """
        = {Same|Same thing happened} {here|on <street>} {too|as well|last month}
        + {They|give them a break, they} can't be everywhere, {there's only <number> of them|funding's been cut}
        = {Agree|Totally agree|This}
        - {they're not doing anything|nothing will happen} {you watch|mate}, {never does|been there}
        = {Have you reported|did you report|have you rung about} it? {They need it logged|Can't act if they don't know}
        = {Don't put that on here|delete that}, {ring 101|message them privately}
        = {thanks for that|cheers}, {didn't know|will do}
        + {Not my experience|Have to disagree}, {they were great with us|came out in ten minutes for my <kin>}
        = {Which end|whereabouts}? I'm {at number twelve|round the corner}
        = {give it a rest|here we go again|always one} <funny>
        - {exactly|spot on}, {waste of space|we pay for this}
        = {Hope you're ok|sorry to hear that} <sad>""",
    "emergency": """
        = {someone's|there's somebody} {trying to get in next door|kicking a door in|climbing over the back} on <street> {right now|NOW} please send someone
        = there's a {man|lad|woman} {on the floor|collapsed} outside <landmark> on <street>, not moving, {please hurry|need help now}
        = {fight|big fight} {kicking off|going on} by <landmark> {right now|now}, {one's got a bottle|five on to one|someone's bleeding}, {hurry|need police here}
        = I {can't cope any more|don't want to be here any more}, don't know who else to {tell|message}
        = {he's|my ex is} outside my house {now|again right now} {banging on the door|shouting}, kids are {upstairs|terrified}""",
    "emergency/missing": """
        = {they're|that person is} {in my garden|sat on the wall outside mine} on <street> {right now|now}, {shaking and confused|won't come in}, {what do I do|please send someone}
        = can see somebody {in the water|on the bridge} {by <landmark>|near <street>} right now, {hurry|please}""",
    "emergency/appeal": """
        = they're {back|on <street> again} {RIGHT NOW|right now}, {two of them|<colour> <car>}, {trying the vans|in next door's shed}, get someone here
        = my {car|van} is being taken off the drive {as I type|right now}, <street>""",
    "emergency/road": """
        = {another one|someone}'s just {hit the barrier|come off a bike} {at <street>|by <landmark>}, {driver's trapped|not getting up}, need ambulance now""",
}  # fmt: skip

OTHER_LANGUAGES: dict[str, str] = {
    "cy/thanks": """
        + Diolch {yn fawr|o galon} {i chi gyd|am bopeth|i'r tîm} <happy>
        + {Gwaith da|Da iawn} {bawb|chi|i'r tîm lleol} <happy>""",
    "cy/question": """
        = {Oes unrhyw newyddion|Beth yw'r diweddaraf} am hyn?
        = {Ble|Pryd} mae hwn yn {digwydd|dechrau}?""",
    "cy/complaint": """
        - {Neb wedi ateb|Dim ateb} {fy ngalwad|i'n neges} {wythnos diwethaf|ers mis}
        - {Byth yn gweld|Dim golwg o} heddwas ar <street>""",
    "cy/lead": """
        = Gwelais {gar|fan} {gwyn|du|coch} ar <street> {neithiwr|fore Llun} tua {tri o'r gloch|hanner nos}""",
    "cy/other": """
        = {Wedi rhannu|Rhannwyd} <sad>
        = {Gobeithio|Yn gobeithio} bod pawb yn {iawn|ddiogel} <sad>""",
    "cy/banter": """
        + {Ha ha|Ardderchog}, {gwych|doniol iawn} <funny>""",
    "pl/thanks": """
        + {Dziękuję|Dzięki|Bardzo dziękujemy} za {pomoc|informację|waszą pracę} <happy>
        + {Super|Świetna} robota, {brawo|tak trzymać} <happy>""",
    "pl/question": """
        = {Czy|Proszę powiedzieć, czy} {wiadomo coś nowego|to dotyczy też <street>}?
        = {Jak|Gdzie} mogę {to zgłosić|wysłać nagranie}?""",
    "pl/complaint": """
        - {Zgłaszałem|Dzwoniłam} {miesiąc temu|dwa razy} i {nikt nie przyjechał|nikt nie oddzwonił} <cross>
        - Nigdy {nie widać policji|nikogo nie ma} na <street>""",
    "pl/lead": """
        = {Widziałem|Widziałam} {biały|czarny|srebrny} samochód na <street> {w nocy|około trzeciej}, {mam nagranie|stał bez świateł}""",
    "pl/other": """
        = {Udostępnione|Udostępniam dalej} <sad>
        = {Mam nadzieję|Oby}, że {wszyscy są cali|wszystko dobrze} <sad>""",
    "pl/emergency": """
        = {Proszę o pomoc|Pomocy}, ktoś {wyważa drzwi|rzuca petardami w okna} na <street> teraz""",
}  # fmt: skip

ANSWERS: dict[str, str] = {
    "any": """
        = Thanks for {getting in touch|your message}. We have passed this to the {team for <area>|neighbourhood team}.""",
    "question": """
        = Hello, {thanks for asking|good question}. {Yes, it does|We will post an update here as soon as we can|The details are on our website}.
        = {Hi|Hello}, your local officers for <area> are named on our website, with how to reach them.
        = Thanks for asking. You can report it {online|on our website} at any time, or call 101. In an emergency always 999.""",
    "complaint": """
        = {Sorry to hear that|We are sorry that this was your experience}. Please {send us a message with your reference|message us} so that we can {look into it|find out what happened}.
        = Thank you for {telling us|being straight with us}. We have {passed it to|asked} the sergeant for <area> {and they will be in touch|to look at it}.""",
    "lead": """
        = Thank you. Please do not post {details|names or pictures} here: {send us a message|call 101} and quote the reference.
        = {Thanks, this could help|That is really useful}. An officer will {message you|be in touch}; please keep the clip safe.""",
    "emergency": """
        = Please call 999 now if anybody is in danger: this page is not watched all the time.
        = If this is still happening call 999 straight away. We have passed your message to the control room.""",
    "thanks": """
        = {Thank you|Thanks}, that means a lot to the team.""",
}  # fmt: skip
