"""What kind of reply it is, by rules: signs add up points, and the first kind in order that has enough of them wins.

Emergencies are tuned for recall (R19): a false alarm costs a glance, a missed one may cost more. docs/definitions.md
states how often the rules are right. They look at what any reply may say, not at whole phrases of known ones."""

import re
from collections.abc import Sequence

from insights.reading.base import Kind

_WEAPON = r"(?:knife|knives|machete|blade|gun|axe|bat|hammer|acid)"
_SOMEONE = r"(?:some(?:one|body)|lads?|lass(?:es)?|girls?|boys?|kids?|men|man|guy|bloke|fella|woman|women|people|person|group|gang|they|he|she|chap|youths?|teenagers?)"
_VEHICLE = r"(?:car|van|transit|bmw|audi|golf|polo|corsa|astra|vectra|insignia|fiesta|focus|mondeo|ka|clio|megane|qashqai|juke|micra|civic|yaris|corolla|octavia|fabia|leon|ibiza|berlingo|partner|kangoo|vivaro|sprinter|vauxhall|ford|peugeot|citroen|renault|nissan|toyota|honda|skoda|seat|kia|hyundai|mercedes|merc|vw|volvo|range rover|land rover|discovery|mini|tesla|hatchback|saloon|estate|people carrier|flatbed|tipper|quad|moped|scooter|e-?bike|motorbike|bike|lorry|truck|pick-?up|taxi|4x4)s?"
_COLOUR = r"(?:black|white|red|blue|silver|gr[ae]y|green|dark|yellow|orange|brown|pink|purple|light)"
_CLOTHES = r"(?:hood(?:ie|y)|jacket|coat|trackies|tracksuit|cap|trainers|jeans|top|beanie|rucksack|backpack|balaclava|jumper|hat|puff(?:er|a)|gloves|hi-?vis|shirt|shorts|scarf|mask|trousers|joggers|beard|tattoos?)"
_CRIME_ING = r"(?:kicking|smashing|breaking|robbing|stealing|nicking|(?<!crime )fighting|beating|attacking|stabbing|threatening|chasing|following|shouting|screaming|throwing|firing|setting fire|burning|lighting|climbing|trying|forcing|punching|hitting|dragging|waving|driving off|drink(?:ing)? and driving|getting (?:in|into|his|her|their|beaten|attacked|kicked))"

Signs = Sequence[tuple[str, float]]

_EMERGENCY: Signs = (
    (r"\b(?:right now|as (?:i|we) (?:type|speak|write)|happening now|at this (?:very )?(?:moment|minute)|this (?:very )?(?:second|minute)|currently|in progress|asap|urgent(?:ly)?|just now)\b|\bnow\b(?=\s*(?:[,.!]|$|please))|(?:there|here|is|are) now\b", 1),
    (r"\b(?:please )?(?:send|need|get) (?:some(?:one|body)|help|police|an? (?:officer|unit|ambulance|car)|ambulance|the police|officers)\b|\b(?:please )?hurry\b|\bcome quick(?:ly)?\b|\bquick(?:ly)? please\b|\bhelp me\b|\bhelp us\b|\bplease help\b|\bneed help\b|\bsos\b|\bcall (?:999|an ambulance)\b|\bambulance\b", 1.6),
    (r"\b(?:is|are|'s|'re|re|still|someones|someone's) (?:being |getting |got )?(?:attacked|stabbed|robbed|beaten|chased|threatened|followed|assaulted|burgled|broken into|kicked|fired|thrown|taken off)\b|\bbeing (?:attacked|stabbed|robbed|beaten|chased|threatened|followed|assaulted|burgled|broken into|kicked|fired|thrown|taken|held|smashed|stolen)\b", 1.4),
    (rf"\b{_SOMEONE}(?:'s| is| are|s)? (?:\w+ ){{0,3}}(?:outside|inside|in|at|on|trying|with|has|have|got)\b.{{0,60}}\b(?:{_WEAPON}|door|window|garden|roof|kitchen|house)\b", .7),
    (rf"\b(?:is|are|'s|'re|someone|someones|somebody|lads?|they|kids?) (?:\w+ ){{0,4}}{_CRIME_ING}\b|\bgetting (?:his|her|their|my) (?:head|face)\b|\bkick(?:ing)? (?:\S+ ){{0,3}}(?:door|head)\b", 1),
    (r"\b(?:fight|(?<!crime )fighting|stabb\w+|shots? fired|gunshots?|on fire|smoke|bleeding|blood|unconscious|collapsed|not breathing|overdose|drown\w*|screaming|trapped|head kicked|crash(?:ed)?|hit by a (?:car|van)|hanging off|jump(?:ing)? off|run over|explosion|not (?:moving|responding|getting up|waking up)|on the floor|in the (?:water|river|canal|lake)|on the (?:bridge|ledge|roof|tracks|railings)|banging on (?:the|my|our) (?:door|window)s?|won'?t (?:leave|go away|let (?:me|us|her|him))|terrified|kids are (?:upstairs|inside|in bed|screaming)|locked (?:myself|ourselves) in|my ex\b|hit the barrier|come off (?:a|his|her|the) (?:bike|motorbike)|driver'?s trapped)\b", 1),
    (rf"\b(?:has|have|got|with|carrying|waving|pulled) (?:a |an )?(?:\w+ )?{_WEAPON}s?\b", 1),
    (r"\bcan(?:'|no)?t cope\b|\bcan'?t (?:go on|do this|take (?:it|this))\b|\bdon'?t want to (?:be here|live|wake up|be alive)\b|\bkill (?:my|him|her)self\b|\bend (?:it all|my life|it tonight)\b|\bsuicid\w*|\bself[- ]harm\w*|\bhurt (?:my|him|her)self\b|\bbetter off (?:dead|without me)\b|\bno (?:reason|point) (?:to|in) liv", 3),
    (r"\b(?:he|she|they|him|her)(?:'s| is| are|re|'re) (?:\w+ ){0,2}(?:in|at|on|outside|by|sat|stood|here)\b.{0,60}\b(?:now|shaking|confused|lost|crying|shivering|freezing|cold|hurt|bleeding)\b|\b(?:with|found) (?:him|her) (?:right )?now\b|\b(?:they|them|person)(?:'re| is| are) (?:back|on|in|at|outside|sat)\b.{0,40}\bnow\b", 2),
    (r"\b(?:just (?:seen|saw|spotted)|can see|looking at) (?:him|her|them|some(?:one|body)|a (?:man|woman|lad|girl|child))\b", 1.2),
    (r"\b(?:sat|stood|lying|laid|slumped|hiding) (?:on|in|outside|behind|under|against|by)\b|\bwhat do i do\b|\bshaking\b|\bconfused\b", .8),
    (rf"\b(?:barely|can'?t|hardly) (?:stand|walk)\b|\b(?:drunk|hammered|pissed|wasted)\b.{{0,40}}\b(?:driving|getting in|behind the wheel|{_VEHICLE})\b", 1.2),
    (rf"\bgetting in(?:to)? (?:a|his|her|the|their) (?:\w+ )?{_VEHICLE}\b", .8),
    (r"\b(?:calf|cow|cows|horse|horses|sheep|dog|child|toddler|kid|tree|body|man|woman|person)\b.{0,25}\b(?:in|on|across) the (?:road|carriageway|motorway|bypass|tracks|water|river|line)\b", 1.2),
    (r"\bstill (?:in|on|at|out) (?:there|here|the|my|our)\b|\bstill (?:there|here|going|happening|outside|inside)\b|\bthere'?s still\b|\bare still\b", .9),
    (r"\b(?:sheep|ewes?|lambs?|livestock|cattle)\b.{0,60}\b(?:down|attacked|dead|bleeding|dogs?)\b", 1.2),
    (r"\b(?:my|our|next door'?s?|the neighbour'?s?|neighbours?'?s?) (?:\w+ )?(?:door|house|car|garden|drive|flat|window|windows|roof|shop|shed)\b", .4),
    (r"(?<!za )\bpomocy?\b|\bratunku\b|\bwłaśnie teraz\b|\brzuca\w*\b|\bwłamuj\w+\b|\bbij[aą]\b", 2),
    (r"\bhelpwch\b|\bhelp!|\bar hyn o bryd\b|\byn torri i mewn\b|\bymladd\b", 2),
    (r"(?<!by )(?<!until )(?<!till )(?<!from )(?<!before )(?<!right )(?<!just )(?<!up to )\bnow\b(?! (?:then|and again|i|we|please|that))", .6),
)  # fmt: skip
_LEAD: Signs = (
    (r"\b(?:(?:my|our|the|next door'?s?|neighbours?'?s?|work'?s?|shop'?s?) (?:cameras?|doorbell|cctv|dash ?cam)|(?:camera|doorbell|cctv) (?:got|caught|has|shows|picked)|(?:have|got) it on my phone|bus has cameras|cctv|dash ?cam|footage|doorbell(?: cam)?|ring cam|clips?|screen ?shots?|on camera|door ?cam|trail cam|our (?:rear |front )?cameras?|recording|video of|photos? of|got (?:him|her|them|it) on)\b", 1.8),
    (r"\b(?:i|we|my \w+|our \w+|neighbour|she|he)(?:'?ve| have|'d| had)? (?:(?:definitely|just|also|only|think|i|probably|might have|may have|must have|could have) ){0,3}(?:saw|seen|spotted|noticed|heard|recognis\w+|passed|recogniz\w+)\b|\b(?:looked out|putting the bins out|walking the dog|driving home)\b.{0,40}\b(?:saw|heard|passed|there was)\b|(?:^|[.,;:!-] ?)(?:saw|seen|spotted|heard|noticed)\b|\bseen (?:him|her|them|it|that|this)\b", 1.3),
    (rf"\b{_COLOUR}(?: \w+)? (?:{_VEHICLE}|{_CLOTHES})\b|\breg(?:istration)?\b|\bnumber ?plate\b|\bplates?\b|\bno lights\b", 1.2),
    (r"\b\d{1,2}(?:[.:]\d\d)? ?(?:am|pm)\b|\b\d{1,2}[:.]\d\d\b|\b(?:last night|yesterday|(?:on |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: night| morning| afternoon| evening| tea ?time)?|half (?:past )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)|(?:ten|quarter|twenty|five) (?:to|past) \w+|midnight|(?:an hour|half an hour|\d+ minutes) ago|just (?:after|before) \w+|school run|this morning|tea ?time|most mornings|every night|at night|in the night)\b", .7),
    (r"\b(?:everyone|everybody|we all|whole (?:street|estate)) knows?\b.{0,30}\b(?:it'?s|its|who|him|them|it)\b|\bi know (?:who|where|him|her|them|that (?:lad|man|car|van))\b|\bits? (?:that|the) \w+ (?:lad|family|brothers) (?:from|off|on)\b|\b(?:his|her) name(?:'s| is)\b", 2),
    (r"\b(?:they|he|she|lads?|fella|bloke|lad|guy|someone|man|woman|lady) (?:\w+ ){0,3}(?:lives?|drives?|keeps?|stores?|hides?|sells?|deals?|buys?|gets? (?:them|it) from|hangs? (?:about|around)|store them|uses?) ", 1.2),
    (r"\b(?:behind|outside|opposite|next to|near|towards?|heading|round the back of|by the|off|up at|in the lock[- ]?ups?|on the corner of|at the bus stop|from the (?:shop|flats))\b", .4),
    (r"\b(?:two|three|four|five|2|3|4|5|a|the|this|some) (?:\w+ )?(?:lads?|men|man|guys?|fellas?|blokes?|wom[ae]n|lady|girls?|boys?|chaps?|youths?|kids?)\b", .5),
    (r"\b(?:looks? like|matching|same|matches|sure it'?s|think it'?s|think (?:i'?ve|this)|could be|reminds me of)\b.{0,40}\b(?:fella|lad|man|guy|bloke|woman|one|van|car|him|her|them|that|who|group|is happening)\b|\bsome(?:one|body) (?:like|fitting|matching) that\b|\blooked (?:a bit )?lost\b|\b(?:had|got) (?:exactly this|one of these|this exact)\b", 1),
    (r"\b(?:attached|attach|send (?:it|them|you)|sent (?:it|you|to you)|can (?:send|share|supply)|dm'?d|dm you|inbox(?:ed)?|pm'?d|available if|happy to share|have it saved|pass(?:ed)? (?:it|this) on|who do i (?:tell|contact)|(?:how|where) (?:do|can|should) i (?:send|get|upload)|someone message me|(?:might|may) remember)\b", 1),
    (r"\b(?:loading|trying (?:every|all|the) (?:\w+ )?(?:door|doors|handles?)|walking up (?:drives?|the drive)|wheeling|lurking|acting (?:odd|suspicious\w*|shifty)|hanging (?:about|around)|been following|in and out (?:at )?all hours|hanging round|(?:came|went|gone|going) (?:past|round|through)|heading (?:for|towards?|to)|through the red|wrong side of|parked up|engine running|running (?:towards|away|from|down)|run towards|leg(?:ged)? it|testing handles|trying handles|to sell|up for sale|limping|dumped|ran off|took off)\b", 1),
    (r"\bwidzia[łl]\w*\b|\bnagrani\w+\b|\bg?welais\b|\bmae gen i (?:luniau|fideo)\b|\bbob nos\b", 2),
)  # fmt: skip
_ABUSE: Signs = (
    (r"\b(?:clowns?|idiots?|morons?|muppets?|numpt(?:y|ies)|hypocrites?|vultures?|snowflakes?|thick(?:o|os)|pigs|filth|coward(?:s|ly)?|losers?|wankers?|tossers?|pricks?|dickheads?|bastards?|twats?|knob(?:head)?s?|cunts?|arseholes?|scum of the earth|bootlickers?|grass(?:es)?|cretins?|plonkers?|jokers|daft (?:cow|sod|bat|git|so and so)|halfwits?|imbeciles?|parasites)\b|\bshut (?:it|up) you\b|\b(?:is|are|you'?re) (?:so |just |well )?thick\b|🤡|🖕|🐷", 2),
    (r"\bplastic (?:police|coppers?|plod)\b|\b(?:useless|hopeless|pathetic|lazy|corrupt|bent) (?:shower|lot|cops?|coppers?|police|bobbies|gits?|bunch|so[- ]and[- ]so)\b|\bhobby bobb(?:y|ies)\b|\bbunch of\b.{0,20}\b(?:useless|clowns|muppets|cowards)\b|\bf+u?c?k+(?:ing)? (?:you|off|the police)\b|\bacab\b", 2),
    (r"\b(?:hang|shoot|string|lynch|burn|kill|castrate|birch|flog|batter|kneecap) (?:him|her|them|em|'em|the lot|it)\b(?: up)?|\brot in\b|\brot\b|\bdeserves? (?:a (?:slap|kicking|beating|bullet)|to (?:die|rot|hang|burn))\b|\bwants? (?:stringing|hanging|shooting|sterilising|birching|flogging|a (?:good )?(?:hiding|kicking|slap|beating)|their (?:hands|legs) (?:broken|cut))|\bgood (?:hiding|kicking)\b|\bferal\b|\bvermin\b.{0,30}\block|\bget what they deserve\b|\bhope (?:he|she|they|you) (?:dies?|rots?|burns?|gets? (?:stabbed|battered|shanked))\b|\bi'?ll (?:find|get|batter|kill) (?:you|him|them)\b|\bwatch your back\b", 2),
    (r"\b(?:look at the state of|face like|state of (?:it|him|her|that)|ugly|minger|inbred|chav(?:s|vy)?|you (?:dirty |filthy |little )?(?:rat|scum|cow|cretin|creep|pig|liar))\b", 2),
)  # fmt: skip
_COMPLAINT: Signs = (
    (r"\b(?:no ?body|no ?one|never|not once|not a soul|not one)\b.{0,40}\b(?:come|came|comes|turn(?:s|ed)?|answer\w*|called?|ring|rang|reply|replied|heard|show(?:s|ed)?|bother\w*|been|seen|do(?:es|ne)?|care[sd]?|listen\w*|told|attend\w*|out|help\w*|interested)\b|\bnothing (?:has |ever |was |gets? |is |been )*(?:changed?|done|happen\w*|else)\b|\b(?:and|got|heard|did|do|doing) nothing\b|\bstill waiting\b|\bignored\b|\bnot bothered\b|\bcouldn'?t care\b|\bnot (?:a|one|even a) (?:single )?(?:visit|call|word|reply|letter|sign|soul|thank you|officer|copper|update)\b|\bhaven'?t (?:seen|had|heard) (?:an? |from )?(?:bobby|bobbies|copper|pcso|officer|police|patrol|you|anyone|anything|back)\b|\bnever any\b|\bsee an? (?:bobby|copper|officer)\b.{0,15}\bnever\b", 2),
    (r"\b(?:waste of|joke|pointless|shambles|disgrace(?:ful)?|useless|pathetic|laughable|embarrassing|ridiculous|appalling|shocking|farce|fobbed|rubbish|dreadful|terrible service|unacceptable|two[- ]tier|shameful|a let ?down|indoctrinat\w+|brainwash\w*|too little too late|excuses?|talking shop|no use|what'?s the point|what is the point|should have been|wants? looking at|that'?ll (?:show|teach|stop) them|who is that for|victims later|well managed|no thought|weak|soft|failed us|failing us)\b", 1.6),
    (r"\b(?:rang|ring|called|phoned|reported|on hold|waited|waiting|told you)\b.{0,50}\b(?:\d+ ?(?:mins?|minutes?|hours?|hrs?|days?|weeks?|months?|times)|nobody|no one|nothing|never|hours|weeks|months|every week|enough times|before)\b|\bcrime (?:number|ref\w*) and\b|\bjust (?:get|got) a crime\b|\bclosed (?:in|within|after)\b|\bfiled in \d+", 1.8),
    (r"\b(?:what about|how about|instead of|rather than|meanwhile|go (?:back to|and)|try|some actual|instead)\b", 1),
    (r"\b(?:why|how come) (?:(?:has|did|does) it (?:taken?|take)|it took|(?:don'?t|aren'?t|isn'?t|can'?t|haven'?t|hasn'?t|didn'?t|wasn'?t|weren'?t|won'?t|couldn'?t) \w+|(?:has|is|was|are|were) (?:nobody|nothing|no one)|(?:do|did|have) you (?:not|never|only))\b|\b(?:do|doing) your job for (?:you|u)\b|\b(?:glad|nice|good) (?:that )?you(?:'?ve| have) (?:got )?time\b|\b(?:council|they|you|nobody|highways) won'?t (?:fix|sort|do|answer|come|listen|help)\b|\bpay for\b.{0,12}$|\bonly took\b", 1.8),
    (r"\b(?:real|proper|actual) (?:crime|criminals?|police work|policing|bobbies|job)\b|\bcouncil tax\b|\b(?:our|my) tax(?:es)?\b|\bpay (?:your|their) wages\b|\bonly (?:care|interested|bothered|turn up)\b|\byou lot (?:never|only|don'?t|can'?t|couldn'?t)\b", 1.5),
    (r"\b(?:all talk|says it all|about time you|value for money|easy targets?|soft (?:on|touch)|slap on the wrist|forgotten|abandoned|no support|neglected|let down|let (?:him|her|them) (?:out|go)|sick of|fed up|had enough|gets my goat|death ?trap|should be made to|not good enough|for \d+ in a \d+|pack (?:it )?(?:up|in)|innocent until|ruined|case thrown out|been told for years|so you can|yet you|but not (?:for|when|us)|in this day and age|crime solved|be nice if you|nothing better to do|photo ?op|pr stunt|box[- ]ticking)\b", 1.8),
    (r"\bwhen (?:did|was) (?:anyone|we|the)\b.{0,40}\blast\b|\bwhen did (?:anyone|we) last\b|\bwhen (?:will|are) (?:the )?(?:council|highways|you|they|anyone|somebody|someone) (?:going to|gonna|sort|do|fix)\b|\bhow (?:long|many (?:times|more)) will\b.{0,20}\b(?:this|one|it|we)\b|\bwhere (?:are|were|is) (?:the |all the )?(?:police|you|officers|social services|council|bobbies|pcsos?)\b|\bwhere are\b.{0,25}\bin (?:all )?this\b", 1.8),
    (r"\b(?:third|fourth|fifth|3rd|4th|5th|second|umpteenth|every single|every other|every) (?:time|week|day|night|weekend|year)\b|\b(?:\d+|two|three|four|five|six|several) (?:times|years running|in two years)\b|\bagain\b.{0,10}$", .6),
    (r"\b(?:stood (?:about|around|chatting|there)|on their phones|drive(?:n)? past|drove past|not stop(?:ped)?|sat in (?:the|their) (?:car|van)|nearest officer|\d+ (?:mins?|minutes|hours?|miles) (?:away|late)|took \d+ (?:hours?|mins?|minutes|days?|weeks?)|(?:great|nice|fine) for those of us|(?:mid(?:dle of a)?[- ]?week|2pm on a week)day|crime numbers? this|third crime number|still (?:got done|waiting)|is still (?:waiting|.being)|out (?:by|in) (?:summer|tea ?time|christmas|easter|\d+ months)|please stop|can you stop|should you be|you'?ve just|worst|banging on about)\b", 1.6),
    (r"🙄|👎", 1.4),
    (r"😡|🤬", .8),
    (r"\bsiomedig\b|\bneb wedi\b|\bdim (?:ateb|golwg)\b|\bbyth yn\b|\bnigdy nie\b|\bnikt nie\b|\bnic nie\b|\bskandal\b|\bwstyd\b", 2),
)  # fmt: skip
_QUESTION: Signs = (
    (r"\?", 2),
    (r"^(?:@\w+ )*(?:hi[, ]+|hello[, ]+|sorry[, ]+|just wondering[, ]+|quick question[,: ]+|please[, ]+)?(?:how|what|when|where|who|which|why|is|are|can|could|do|does|did|will|would|should|has|have|any (?:update|news|chance)|anyone know|does anyone)\b", 2),
    (r"\b(?:any (?:update|news|idea)|do you know (?:if|when|what|where|who)|wondering if|is it (?:safe|open|free|true)|can (?:we|i|you|anyone|kids|dogs) \w+)\b", 1),
)  # fmt: skip
_THANKS: Signs = (
    (r"\b(?:thanks?|thank ?(?:you|u)|thx|ta (?:very|for)|cheers|much appreciated|appreciate\w*|grateful|well done|nice one|fair play|good (?:job|work|lads?|stuff|on (?:you|ya|them)|to (?:see|hear|know)|of you|result|luck|effort|catch|news)|great (?:job|work|stuff|to (?:see|hear)|result|news|effort|catch|idea|team)|top (?:job|work|lads?|team|notch|bobbies)|cracking|fantastic|excellent|brilliant (?:work|job|news|team|idea|effort|lads?)|superb|amazing (?:work|job|team)|hats off|keep (?:it up|up the|going|at it|safe)|proud of|god bless|bless (?:you|them|him|her)?|kudos|stay safe|welcome|lovely to|nice to (?:see|hear|know)|pleased to|glad (?:to|you|he|she|they|it|the)|so glad|love (?:this|what|it|our|that|the (?:work|team|page)|seeing)|(?:best|happiest) (?:thing|news|post)|made my (?:day|morning|week|night)|more (?:of this|please|like this)|heroes?|legends?|(?:really|so|very|dead) (?:helpful|useful|kind)|means a lot|peace at last|what a difference|sleep (?:now|easy)|reassuring|get in!?|about time (?:shop|this|they|someone)|no excuse for it|go for it|can'?t fault|credit (?:to|where)|spot on|useful(?:,| that| info| to know)|helpful|took it seriously|taking it seriously|respect to)\b|^ta\b|^(?:yes+|get in|good\.|brilliant|excellent|lovely|result)\b", 2),
    (r"[👏👍❤💙🙌🥰😍💪🙏🫡🎉💐⭐🌟👌]|<3", .9),
    (r"\b(?:diolch|da iawn|gwaith da|gwych|llongyfarchiadau)\b|\bdzi[eę]kuj\w*\b|\bdzi[eę]ki\b|\bbrawo\b|\bpowodzenia\b|\bwitamy\b|\bdobra robota\b|\bświetn\w+\b", 2),
)  # fmt: skip
_BANTER: Signs = (
    (r"😂|🤣|😆|😜|🙈|😉|😅|\b(?:lo+l|lmao|rofl|haha\w*|hehe|jk|only (?:joking|messing)|just kidding|joke(?:s)? aside)\b", 2),
    (r"[🦆🦔🐄🐮🐶🐕🐈🐑🐖🐷🐴🥞🍩☕🍪🎃🎅🐣🦢🐐🐔]", 1.6),
    (r"\b(?:udderly|moo+|moo-\w+|quack\w*|pawsome|fowl|ewe|baa+|egg-\w+|bacon|doughnuts?|donuts?|droids?|the force|jedi|wookiee?|vader|pun(?:s|ny)?|flipping|batter|prickly|honk|neigh|ribbit|cuff(?:ed)? (?:him|her|it)|innocent until proven (?:cute|fluffy))\b|-\w*-d\b", 1.6),
    (r"£\d+ says\b|\bbet (?:he|she|it)\b|\bsee you in the cells\b|\bonly a bit of fun\b|\bcan i have a go\b|\bon the lash\b|\bdo you get to\b", 1.6),
)  # fmt: skip

_RULES: tuple[tuple[Kind, list[tuple[re.Pattern[str], float]], float], ...] = tuple(
    (kind, [(re.compile(pattern, re.I), points) for pattern, points in signs], enough)
    for kind, signs, enough in (
        (Kind.EMERGENCY, _EMERGENCY, 2.0),
        (Kind.LEAD, _LEAD, 2.0),
        (Kind.ABUSE, _ABUSE, 2.0),
        (Kind.COMPLAINT, _COMPLAINT, 1.6),
        (Kind.QUESTION, _QUESTION, 2.0),
        (Kind.THANKS, _THANKS, 1.8),
        (Kind.BANTER, _BANTER, 1.6),
    )
)  # fmt: skip

_SPAM = re.compile(
    r"£\d+ a (?:day|week)|ask me how|work from home|crypto|bitcoin|whatsapp me|click (?:here|the link)|followers? for",
    re.I,
)


def classify(text: str) -> tuple[Kind, float, dict[Kind, float]]:
    """The kind, how sure in [0.4, 0.95], and the points of every kind (other has none)."""
    points = {kind: _points(text, signs) for kind, signs, _ in _RULES}
    if _SPAM.search(text):
        return Kind.OTHER, 0.7, points
    for kind, _, enough in _RULES:
        if points[kind] >= enough and not _yields(kind, points):
            return kind, _sureness(points[kind] / enough), points
    return Kind.OTHER, 0.5, points


def _points(text: str, signs: Sequence[tuple[re.Pattern[str], float]]) -> float:
    return sum(points for pattern, points in signs if pattern.search(text))


def _yields(kind: Kind, points: dict[Kind, float]) -> bool:
    """Where the order of kinds alone would be wrong: what the rest of the words says weighs more."""
    thanks, complaint, question = points[Kind.THANKS], points[Kind.COMPLAINT], points[Kind.QUESTION]
    if kind is Kind.LEAD:  # "Thank you, saw the van about last night": what was seen is praised, not reported
        return thanks >= 2 and points[kind] < 3
    if kind is Kind.COMPLAINT:
        return (thanks >= 2 and complaint < 3.2) or (question >= 2 and complaint < 1.7)
    if kind is Kind.QUESTION:  # "Useful, thank you?" is rare, "thanks! what time?" is not
        return thanks >= 2 and question < 2
    if kind is Kind.THANKS:
        return points[Kind.BANTER] > thanks
    return False


def _sureness(times_enough: float) -> float:
    """More signs than needed make it surer; a stated shape, not a fitted one."""
    return round(min(0.4 + 0.2 * times_enough, 0.95), 2)
