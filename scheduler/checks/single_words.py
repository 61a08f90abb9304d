"""Words of four letters and more that stand alone in posts and replies, so that a hashtag of one of them is not taken
for several that were run together. Gathered from the invented texts of this repository, and compounds from general
knowledge."""

from scheduler.checks.base import words_of

SINGLE_WORDS = words_of(
    """
    able about above absolute absolutely abused abusing accept acceptance accepted access account accounts across
    acting actions active acts actual actually added adding address addresses adds admin administrator adnabod
    adnabyddus adre adref adroddiad adult adults advice advise aerial affray afraid after afternoon afterwards again
    ages agor agored agree agreed agreement ahead aircraft airfield airport alarm alarms alerts alive allan alley
    allotment allotments allow allowance allowed allows alone along already also alternative always amazing ambulance
    amheuaeth among analyser anew angels animal animals announced anonymous anorak another answer answered answering
    answers anybody anyone anything anyway anywhere apart apostrophes appeals appear appeared appears application
    applied apply appointment appreciate appreciated approach approval approvals approve approved approver approves
    appt arall architecture archive archives area areas arestio arguing armchair around array arrested arrests arrived
    arrow arson ashamed aside asked asking asks asleep assault assaulted assaulting assessment association ateb
    attached attachments attacked attacking attempt attempted attempts attend attended attends attention audit aunties
    author authors autumn available average avoid award aware baby babysitter bachgen background backpack backs
    backside backstage backup backups backyard bacon badger badly bags bail bailed baker bakery balaclava baned bang
    banged banging banks banned banner banter bardzo bare barely barrier barriers bars base batch bath bathroom bats
    batter battered bawb beachfront beard beaten beatline became becomes bedroom beehive been beer began begin begins
    begun being believe believed bell bells belong belongs below bench bend bent beside best better between beyond
    bicycle bikes bill bins birth birthday biscuit biscuits bitten blackboard blade blame blazer bleeding bless blind
    block blocked blocks bloke blokes bloku blood blue board boat bobbies bobby bobl body bodycam bonfire bont
    bookcase booked bookies bookmark bookshop bookworm boots bopeth bore both bother bothered bothering bottle bottom
    bowls boys bravery brawo breaching break breakdown breakfast breaking breaks breath breathing brew bricks bridge
    brigade brilliant bring bringing brings broke broken brother brought brown browser browsers bruises budget budgets
    builds built bullies bunch burglar burglaries burglars burglary burgled burn buses businesses busy button butty
    bypass bystander byte bytes byth cable cadet cadets cael cake cakes calendar calf calibration called calls calm
    came camera cameras campaigns campfire canal candidate candidates cannabis cannot cant capital capitals captain
    captions caravan card cardboard cardigan cards career careless caretaker carried carries carrying cars cartwheel
    case cases cash catching cattle caught caused causing caution cautioned cell cells cent centre centres chain
    chains chance change changed changes channel channels chap chapel character characters charge charged charges
    charity chase chased chatting cheap check checked checking checks checksum cheerleader cheers cheese chemist chip
    chippy chips choose chooses chosen chucking chuckle church churchyard chwilio chyllell cite claim claimed claims
    classes classroom clear clearly click clicked clicks client climbing clip clipboard clips clock clocks closed
    closer closes closing closure clothes clothing clowns club clubs coach coastguard coastline coat cobweb coch code
    codes coercive collapsed colleague colleagues collect collected collecting collects collision colour column
    columns come comes coming command commands commas comment comments commissioner commit committed common company
    compared compares comparisons complainant complainants complaint complaints complete completed computed concerned
    conditions confidence configuration confirm confirmed confirms confused connect connected connecting connection
    connections conspiracy constable constables contact contacts content continue contract control controls
    conversation converter converters convicted convictions cook cookie cope copies copper coppers copy copyright
    cores corner corporate corrected correction corrections corridor corrupt cost costs could couldnt council count
    countdown counted country counts couple courier couriers coursing court courts cousin cover covering covers
    cowards cows cracking crash credentials credit crews criminal criminals cringe critical criticism cross crossbow
    crossed crossing crossroads crosswalk crowbar crown crush crying crypto cupboard cupcake cursor custody customer
    cute cuts cutting cyberattack cyberbullying cybercrime cybersecurity cyclist cyclists cyffuriau czarny daft daily
    damage dancing danger dangerous darganfod dash data database databases date dated dates daughter daydream daytime
    ddalfa ddau ddim ddiogel ddwyn ddydd ddyn dead deadline deal dealer dealers dealing deals dealt deaths decent
    decide decided decides decision decisions default defaults defines definition definitions defrauded degree delays
    delete deleted deletes deletion deletions deliver delivered delivers delivery dementia denies depends derived
    description descriptions deserve deserves desk desks destroyed details detained deterrent developer development
    dewch dict died dies difference different differs digits dinner direct directions disabled discard discarded
    disclosure disgrace disgusting disgybl disk dismissed disorder disturbance disused diversion division divisions
    diwedd dobrze docs doctor document documents dodgy does doing done dont donuts doorbell doorstep doorway doubled
    doubt downhill downpour downstairs downtown dozen draft draw drawn draws dreisio drill drinking drinks drivers
    drives driveway drop dropped drove drunk drws ducks duplicates durable during dust duty dweud dwyll dynes each
    earlier early earn earring earthquake easier eastbound easy eating edge edit edited edits effect effort eight
    either elderly eldest elected electric eleven else elsewhere email emails emergencies emoji employer empty
    encrypted ended ending ends enforced enforcement engagement engine enough enquiries enquiry enter entered entries
    entry environment equality erase erased erases erasure erbyn error escaped estate estimate ethnicity even ever
    everybody everyday everyone everything everywhere evidence ewes exact exactly example examples excellent except
    exception excuse exist expect expected experience explain export exports exposure extra eyesight eyewitness
    facebook faces facing failed fails fair faith fake fall fallen falls false familiar families fancy fantastic
    farmer farmhouse farmland farms fast faster fastest fault faults favour favourably fawr feed feel feeling feels
    feet fell fella female fence fenyw fetched fewer field fields fifteen fifth fifties fight fighting figure figures
    file files filled filling film filmed films filth filthy finally finding findings finds fine finger fingers finish
    finished firearm firearms fired firefighter firefighters fireman fireplace fishing fits fitting fixed flag flags
    flashback flashlight flat flats flight flipping flooding floor flower flowerbed focus folder folk folks follow
    followed followers following follows footage footballer footpath footprint footsteps forced fore forged forgive
    forgotten form former formerly formula fortnight forty forward fourteen fourth fowl foxhunting fragrance frame
    frames freeze fresh freshwater friend friendly friends friendship frontline full function functions fundraiser
    fundraising funny furious further fury fuss fyrgleriaeth gallu galon gamekeeper ganddo gangs gaps garage garages
    garden gardens gate gates gateway gave geese generator genius gentle gentleman gets getting girl girlfriend girls
    given gives giving glad glass glasses glasshouse gloch goal goalkeeper goat gobeithio goes going gold goll gone
    goodbye goodness goodnight goods goose government gran grand grandad grandchild granddaughter grandfather grandma
    grandmother grandparents granted grass grateful graveyard greenhouse grey grief gritters ground groups grow
    growing grows guess guessed guessing guesthouse guide guidebook guilt guilty gunpowder gutted guys gwaith gweld
    gwmpas gwybod gwych gyhuddo haha hair haircut half hall hallway hammer hand handbag handball handcuffs handed
    handle handlers handles handling handmade handrail hands handshake handy hang hanging hangs hanner happen happened
    happening happens happily happy hard harder hardly harecoursing hash hashes hashtag hatchback hats having hazelnut
    head header heading headlight headlights headline headphones heads headteacher health hear heard hearing heartbeat
    heatwave hedgehog hedgerow hefyd held helicopter hell helmets helped helpful helping helpline helps henceforth
    heno heroes herself hexley hide hides hiding high higher highlight highway highways hillside himself hint
    hitchhike hitting hold holding holds holiday holidays hologram homecoming homegrown homemade homes hometown
    homework honest hoodie hope hoping horrible horseback horseshoe hospital host hosts hotspot hours hovercraft
    however humour hundred hundreds hungry hurry hurt hurts husband hypocrite icebreaker iddi idea identifiable
    identified idiot idiots idle ignore ignored image images immediate import imported importing imports imposed
    impressed impressions imprisonment inbox inbred incident incidents include included indecent index individual
    information informed injured injury innocent insights instagram install installation instant instead insurance
    insured intelligence intent interested interleavings internet interviewed invariants invented investigating
    investigation involved issued item items itself jacket jailed jest jewellery jobs joining joins joke joking judge
    judges jump jumped jumper junction junior jury just justice kebab keen keeping keeps kept keyboard keyed keyless
    keyring keys kick kickboxing kicked kicking kill killed killing kinds kingfisher kitchen kits knees knew
    knifepoint knives knock knocked knowing known knows label labelled labels labour ladies lads lady lambda lambs
    landing landlady landlord landmark landmarks landscape landslide lane lang language languages lapse lapsed lapses
    laptop lash lass lasses last lasts latency lateness later laugh laundromat lawful lawr lazy leads leaflet
    leafleting leapfrog learn learns learnt lease least leave leaves left legal legging legs leisure length lesson
    lessons letter letterbox letters letting level liar liars library licence lied lies life lifeboat lifeguard lifes
    lifesaver lifestyle lifetime lift lighthearted lights like likeliest likes lilac limestone limit limits limping
    linear link linked links list listed listen listened listens lists litter litterpick little lived livestock living
    lleidr llun llwybr llyfrgell llys load loading lobbing locally located lockdown locked locks locksmith loitering
    long longer longest looked looking looks loop loophole loose lorry lose loses losing loss lost lots loud
    loudspeaker loved lovely loving lower lowland luck lunchtime lying machete machine machinery machines macro made
    magistrates mail mailbox mailed main mainland mainstream makers makes making male managed management manager
    manhunt manpower many marked marketplace marks masked masking massive masterclass match matching mate mates matter
    mattress maybe meals mean meaning meaningful means meant meantime meanwhile measured measures meat medal medals
    media median medians meeting meets member members memes memory mended mention mentioned mentions mess message
    messaged messages metric mewn microchip midday middle midnight midsummer midweek might migrate miles milestone
    milk mill mince mine minimum mins minute minutes misconduct missed misses mlynedd model moderation moment moments
    money months mood moon moonlight moor moped morn mornings moron most mother motorcyclist motorway mountain
    mountainside mourning moustache mouth moved moves moving much mudguard mums muppet muppets murder must myself
    nagranie nail name named names namesake namespaces naming nans nasty nationality nature navy nawr near nearby
    nearest nearly necessary need needed needles needs negative neges neighbourliness neither neithiwr network
    networks neuadd neud neutral newborn newcomer newer newest newsletter newspaper newyddion ngalwad nice nick nicked
    nightclub nighttime nikt nine nocy noise noon normal northbound note notebook noted notes notice noticeboard
    noticed notices nowadays nowhere nowt null number numbered numbers nurse object objects obtained oddi oedd offence
    offences offender offenders offer offered offering offers office officers offshore often oherwydd okna okolicy
    older oldest once ones oneself ongoing only opened openness opens operating operator opposite option optional
    order ordered organisers original orsaf other others otherwise ours ourselves outbreak outcome outdoor outdoors
    outfit outlook outnumber outreach outstanding overcome overcrowding overdue overflow overload overtake overtime
    overturned overview overwrites owner owners pack package page pages paid paintball painted paintwork pair pairs
    pancake paper papers paperwork parade parameters parasites parc parcel parenthood parents parhau parish parked
    parks part parted partial particular parties partner parts party pass passed passenger passerby passes passing
    password passwords past pastors patch patchwork path pathetic patient patrols pattern pause paused pauses pavement
    pavilion paws paycheck pays peacekeeper pedestrian pence penny pensioner pensioners peppermint percentile period
    periods permission personal petardami petrol pharmacy phonebox phones photo photos pick picked picking pickpocket
    picks pickup picture pictures piece pieces piggyback pigs pills pinpoint pipeline pitch pitchfork pizza placed
    places plain planned planning plans plastic plate plates playgroup playing playmate playschool pleaded please
    pleased plenty plod point points policework policja policji political poll polls pomoc poor popped population
    populations porch port portal possessing possession possible post postcard postcode posted poster postgresql
    posting postman posts potato potrwa pouch pouring power powerful practice practise praise praying precinct
    precision prejudice prejudicial prepare preschool presence press pressed presses pretended pretending pretty
    previous price prices prickly primary print printed printout prints prison private prizes probabilities
    probability probably problem proceedings process processes processor procrastinate profile profiled prolific prom
    promise promised promises proof proper property proportionate proposed protection protects proud proved proven
    proves provider proxy pryd przy publication publications publicity publish published publishes publishing puffer
    pull pulled pulling pupil pupils puppy purge purged purple purpose purse pushed puts putting quack quackers quad
    quadbike quads quality quarry quarter quayside question questioned questions queue queued quick quickly quicksand
    quid quiet quietly quote quotes quoting race racist radio railings railway rain rainbow raincoat rainfall raised
    raises ramp random rang rank ranked rannu ransomware raped raping rarer rate rates rather ratio rats reach reached
    reaches reactions read readable reader reading readings reads real realise really rear reason reasons recall
    receipt receive received rechecked recipient recognise recognised recognition record recorded records recovered
    recovering recruiting redirect reference referral refusal refuse refused refuses register regular relax relay
    release released relief relieved remain remains remanded remembers reminder removal remove removed removes renewed
    renews reopens repeat repeated repeats replace replaced replies reply reported reporting reports reposts request
    requested requests required reserve reservoir reset resident response responsible rest restore rests results
    retention return returned returns reunited review rhannu rhwng rhyddhau rhywiol rhywun riddance rider riding
    rightly rights ringing ripped risk riverbank riverside roadblock roadshow roadworks robbed robberies robbing
    robota role roles rollercoaster roof rooftop room root rots round roundabout route rowboat rower rows rubbish
    rucksack ruin ruined rule rules runaway rung running runs rywbeth rzuca safeguard safeguarding saff said sale salt
    same sample sandcastle sandwich sarcasm saved savings saying says scarecrow scared scene schedule schema scheme
    schoolboy schoolchildren schoolgirl schools scooter score scores scout scratched screaming screen screenshot
    screenshots scum scumbag scumbags seafood seafront seagull seal sealed seals search searched searches seaside
    seatbelt seatbelts second seconds secret secretary secrets section sections seed seeds seeing seemed seems sees
    seized seldom selfies sell selling sending sends senior sense sent sentence sentenced sentences sentiment sergeant
    serial serious seriously served server services session setback sets setting settings settled settles seven
    seventh seventies several sexual sexually sgwrs shaking shall shambles shame shared shares sharing shaved sheep
    shell shelter shes shift shifty shipwreck shipyard shocking shoelace shoot shopfront shopkeeper shoplifter
    shoplifting shoreline short shorter shot shots should shoulders shout shouted shouting showcase showed shower
    showing showings shown shows shut siarad sick side sides sidewalk sight sighting signal signature signed signing
    signs silent silly silver simply since singing single siop siren sirens sister sits sixth size skate skateboard
    skatepark skip skylight slap slavery sleep slept slim sling slippers slot slots slowdown slowly slows slumped
    small smartphone smashed smashing smell smile smiling smoke snap snow snowball snowflake snowman snowstorm soft
    softball sold solemn solicitor solid solved some somebody someday someone something sometimes somewhere song sons
    soon sort sorted sorts sought sound sounded sounds soundtrack source southbound spaces spaceship spam span spaniel
    spat speak speaks specialist speculate speedboat spell spend spent spineless spirits spoilt spoke spoken sportsman
    spotlight spotted spring springtime square squeezed stabbed stabbing stage staircase stalking stall stance stand
    standard standing stands standstill star stars start started starting starts state statement statements states
    station status stayed staying stays steady steal stealing steering step stepdad stepdaughter steps sticker
    stickers stitches stock stole stood stopped stopping stops stopwatch store stored storeroom stores storyteller
    straight strange stranger strawberry streetcar streetlamp streetlights stricter strimmer string struck struggling
    strydoedd stuck students stuff subject such suite summary summat summertime sums sunflower sunglasses sunlight
    sunrise sunset sunshine superb superhero superhighway supermarket supermarkets supervisor supply supplying suppose
    sure surname surrender survivor survivors suspect suspected suspects suspended suspicion swan sweetheart sweets
    swing switch switched swordfish swyddogion system szybko table tablecloth tables tablets tagging takeaway takedown
    taken takes taking takings talked talking tall targeted task taste taxes taxi teacher teams teamwork teapot
    teatime teenager teenagers teeth telephone telling tells telly tenant tenner teraz term terms terrified test tests
    textbook texts than thanked thanking that thats thefts theirs them themselves then there theres these they theyre
    thick thief thieves thing things thinking third thirties thirty those though thought thoughts thousand thread
    threads threat threatened threats threshold through throw throwback throwing thrown thunderstorm tick ticket
    tickets ticks tier till timeless timeline times timetable tips tired title toaster tokens told tone took
    toothbrush topic toppings torch torches torri tortoise touch touched touching toward towards towel townhall
    towpath trace traced track tracker trackies tracks tracksuit trademark trafficking trail trailblazer trailer train
    trained trainers training trainspotting transaction trap trapped travel treated tree treehouse trend trial tried
    tries trouble true truly trusted trying tuned tuple turn turned turnout turnover turns tweepy tweet tweets twelve
    twenty twice type typed types tyre ugly unanswered uncle unconfirmed under underground underpass understand
    understanding undertake unguarded uniform units unknown unless unpublished unread unseen until upcoming update
    upgrade uplands upload upright upset upstairs urgent used useful useless user users uses usual vain valuables
    value values vehicles venue verb verify vermin version versions very vicar video videos view viewpoint vile visit
    visits voice voicemail voted voucher vulnerable vultures wages wait waited waiting waits waking walked walker wall
    wallet want wants wardrobe warehouse warm warnings warrant warrants wars wash washes washroom waste wasters
    wasting watchdog watched watches watercolour waterfall waterfront waterproof waterside waterway ways wayside
    wczoraj weapon wearing weather weatherman webhooks website wedi weekday weekends weekly weeks weight weir wela
    welais weld welfare well wellbeing went were westbound whatever whats wheelbarrow wheelchair wheelie whenever
    where whereabouts wherever whether which while whirlwind white whiteboard whoever whole wholesale whom whose wider
    widespread wife wildfire will windmill window windows windscreen wins wiped wire wish witamy withdraw withdrawn
    witnesses wnaeth woke wonder wonderful wont woodland woodlands woodwork word wording words worked worker workers
    workforce workload workplace works world worldwide worried worry worrying worse worth worthwhile would wouldnt
    wounding wrist write writer writers writes writing written wrong wrote wrth wszystko yard yawn yearbook yellow
    yesterday ymosod ymosodiad younger yours yourself yourselves yous youths youthwork ysgol zero
    """
)
