"""Words that could prejudice a trial while proceedings are active (R03): guilt, record, character, triumph."""

import re
from collections.abc import Iterator

from scheduler.checks.base import Finding, Span, Subject
from scheduler.checks.stages import ACTIVE, stage_of

_CRIMINAL = (
    r"(?:thie(?:f|ves)|burglars?|robbers?|muggers?|attackers?|rapists?|killers?|murderers?|culprits?|offenders?|criminals?|crooks?|thugs?"
    r"|vandals?|arsonists?|fraudsters?|scammers?|conm[ae]n|dealers?|drug dealers?|pusher|stalkers?|abusers?|paedophiles?|predators?|gangsters?|perpetrators?"
    r"|shoplifters?|joyriders?|hooligans?|bandits?|assailants?|stabber|knifem[ae]n|gunm[ae]n|villains?)"
)
_ONE_CRIMINAL = (
    r"(?:thief|burglar|robber|mugger|attacker|rapist|killer|murderer|culprit|offender|criminal(?=[.,!?:;]|\s(?:is|has|was|who))|crook|thug|vandal|arsonist|fraudster|scammer"
    r"|conman|conwoman|drug\sdealer|stalker|abuser|paedophile|predator|gangster|perpetrator|shoplifter|joyrider|hooligan|assailant|knifeman|gunman|villain)"
)
_SUPPOSED = r"(?<!alleged )(?<!suspected )(?<!would-be )(?<!potential )"
_CRIMES = (
    r"(?:stole|robbed|burgled|attacked|assaulted|stabbed|raped|murdered|killed|shot|mugged|defrauded|conned|vandalised|smashed"
    r"|broke\sinto|broke\sin|threatened|punched|abused|groomed|dealt|set\sfire|preyed\son|ripped\soff|cheated|swindled|fleeced|duped|exploited|bullied|beat\sup|beat|harassed|torched|looted|raided|ransacked|plagued|blighted|snatched|terrorised|targeted)"
)
_NEUTRAL = (
    r"(?:(?:has|have|had)\s)?(?:was|were|is|are|been|may|might|could|can|would|will|died|suffered|called|rang|phoned|reported|contacted|helped|witnessed|attended|lived|needed|asked|"
    r"wanted|appeared|recognised|noticed|followed|stayed|waited|responded|shared|joined|volunteered|matched|answered|fitted|denied|remained|spotted|alerted|intervened|tried\sto\shelp)\b"
)
_IRREGULAR = r"took|stole|broke|had|hit|hurt|ran|drove|cost|sold|left|made|did|kept|beat|set|threw|cut|got|went\son|sent|lied|fled|led|bit|shot|put|held|fought|spent|spat|crept|tore"
_WHO = r"(?:man|woman|men|women|pair|person|people|teenager|teenagers|boy|boys|girl|girls|duo|trio|gang|driver|lad|lads|individual|male|female)"

GUILT = re.compile(
    rf"""\b(?:the|this|these|those|our|your|another|both|two|three|prolific|local|serial|notorious)\s(?:[\w-]+\s){{0,2}}?{_SUPPOSED}{_CRIMINAL}\b(?!\s(?:(?:were|was)\sdisturbed|management|manager|unit|team))
    |\b{_WHO}\s(?:who|that)\s(?:has\s|have\s|had\s|had\sbeen\s)?(?:brutally\s|viciously\s|callously\s|repeatedly\s)?{_CRIMES}\b
    |\b(?:is|was|are|were)\s(?:clearly\s|obviously\s|undoubtedly\s|plainly\s)?(?<!not\s)(?<!found\s)guilty\b|\bguilty\sas\ssin\b
    |\b(?:man|woman|men|women|person|people|those|one|ones|pair|gang|he|she|they)\s(?:who\s(?:is|are|was|were)\s|is\s|are\s|was\s|were\s)?(?:clearly\s|directly\s)?responsible\sfor\b(?!\sthe\s(?:investigation|scheme|team))
    |\b(?:he|she|they)\s(?:did\sit|(?:then\s)?{_CRIMES}|committed|carried\sout|admitted|has\sadmitted|have\sadmitted|confessed|has\sconfessed)\b(?!\s(?:in|at|to)\s(?:court|magistrates))
    |\b(?:arrested|detained|charged|caught)\s(?:an?|two|three|four|\d+)\s(?:(?!suspected|alleged)[\w-]+\s)?{_CRIMINAL}\b
    |(?:^|(?<=[.!?:]\s))(?:(?!suspected|alleged)[\w-]+\s)?{_CRIMINAL}\s(?:is\s|are\s|has\sbeen\s|have\sbeen\s)?(?:arrested|nicked|caught|charged|detained|in\scustody|in\sthe\scells)\b
    |\b(?:the|this|that|these|those|one|an?|two|three|four)\s(?:[\w-]+\s){{0,2}}?(?:{_WHO}|trader|builder|so-called\s\w+|one|ones)\s(?:who|that|who['’]s|who['’]d)\s(?!{_NEUTRAL})(?:\w+ly\s)?(?:has\s|have\s|had\s)?(?:been\s\w+ing|\w+ed|{_IRREGULAR})\b
    |\b(?:he|she)\s(?:\w+ly\s|then\s|just\s)?(?:helped\s(?:him|her)self|thought|believed|made|cost|took(?!\s(?:an?|the|part|place)\s(?:\w+\s)?(?:test|breath|blood|drug|call|photo|picture|video|seat|statement|part))|told\s(?:lies|us\shis)|used|posed|pretended|tricked|forced|hit|grabbed|kicked|spat|swung|waved|pulled|bragged|boasted|laughed|showed\sno|preyed|fooled|pocketed|got\saway|hid\sin|hid\sunder|hid\sbehind|sold|smashed|wrecked|left\s(?:him|her|them|a|an|two|his|three)|ruined)\b(?!\s(?:part|place|it\sto|off\sher|a\scall|the\scall))
    |\b(?:drunk|drink|drugged|drug|banned|disqualified|uninsured|dangerous|reckless|speeding|hit[- ]and[- ]run)[- ]drivers?\b|\b(?:blew|blowing)\s(?:\w+\s){{0,3}}(?:the\slimit|over)
    |(?<!\w){_SUPPOSED}(?<!young\s)(?<!sex\s){_ONE_CRIMINAL}\b(?!\s(?:was\sdisturbed|may|might|could|would|management|manager|unit|team|register|institution)|['’]s\s(?:law|register))
    |\b{_CRIMINAL}\slike\s(?:him|her|them|this|these|that|those)\b
    |\b(?:driver|rider|man|woman|person|people|pair|one|ones|lad|youths?|group|gang|individuals?|owner)\s(?:directly\s|clearly\s)?responsible\b(?!\sfor\s(?:the\s)?(?:investigation|scheme|team|area|child))
    |\b(?:plagued|blighted|terrorised|targeted|tormented|menaced|harassed|preyed\son|ripped\soff|conned|robbed|burgled)\sby\s(?:just\s)?(?:one|this|that|the\ssame|these|a\sprolific)\b
    |\b(?:his|her|their)\s(?:(?!alleged|suspected)\w+\s)?(?:lies|greed|crimes|offending|violence|cruelty|spree|antics|thieving|dishonesty|scams?|handiwork|dirty\swork|haul|loot|cowardice|reign|getaway|crime|wrongdoing|misdeeds|swag|ill-gotten\sgains)\b
    |\ban\soffender\s(?:is|was|has)\b|\b(?:his|her|their)\svictims?\b|\bbelieved\sto\sbe\s(?:responsible|behind)\b|\bknown\s(?:local\s|drug\s)?{_CRIMINAL}\b
    |\b(?:no|little)\s(?:doubt|question)\s(?:that\s|about\s)?(?:he|she|they|who|it\swas)\b
    |\b(?:who|he|she|they)(?:\s(?:has|have|had)|['’](?:s|ve|d))\sbeen\s(?:\w+ly\s)?(?:breaking\sinto|stealing|robbing|burgling|attacking|assaulting|dealing|terrorising|harassing|plaguing|threatening|vandalising|damaging|conning|cheating|abusing|smashing|setting\sfire)\b
    |\b(?:confessed|admitted\s(?:to\s)?(?:it|everything|the\s(?:offence|crime|attack|burglary|burglaries|robbery|theft|thefts)))\b
    |\b(?:caught|found|seen|filmed|spotted)\s(?:breaking\sinto|breaking\sin|stealing|robbing|burgling|dealing|trying\sto\s(?:steal|break|rob|burgle)|red[- ]handed|in\sthe\sact|attacking|vandalising)\b
    |\bcaught\s(?:him|her|them|the\s\w+)\s(?:red[- ]handed|in\sthe\sact)
    |\b(?:two|three|four|five|six|several|\d+|many)\stimes\s(?:over\s)?the\s(?:legal\s)?(?:drink[- ]drive\s)?limit\b(?=[^.!?]{{0,80}}\b(?:when|and|as)\s(?:he|she|they)\b)
    |\b(?:he|she|they|the\spair|the\stwo|both|the\scouple|the\sduo|the\slot)(?:\s(?:has|have|had)|['’](?:s|ve|d))\sbeen\s(?!(?:being|living|staying|working|waiting|helping|speaking|talking|going|looking|getting|bailed|released|taken|given|told)\b)\w+ing\s(?:our|your|the|these|this|people|residents|local|families|drugs|heroin|cocaine|[A-Z]\w+)
    |\btold\s(?:us|officers|the\sofficers?|pcs?|our)\s(?:\w+\s)?(?:that\s)?(?:he|she|they)(?:\shad|['’]d|\sdid)\s(?:already\s)?(?:done\sit|it|been|taken|stolen|set|hit)\b|\b(?:holding|put|throwing)\s(?:his|her|their)\shands?\sup\sto\b
    |\bwho(?:\s(?:is|was)|['’]s)\sbehind\s(?:it|this|that|them|all|these|those)\b|\b(?:tells|told)\syou\swho\b
    |\b(?:isn['’]t|not|wasn['’]t|little|nothing)\s(?:a\s(?:great\sdeal|lot)\s|much\s)?(?:he|she|they)\s(?:can|could)\s(?:say|do|offer)\b|\b(?:hard|difficult|tricky)\s(?:one\s)?to\s(?:explain|talk)\s(?:away|(?:his|her|their)\sway)\b|\bsome\sexplaining\sto\sdo\b
    |\bwhodunn?it\ssolved\b|\bcase\sclosed\b|\bmystery\ssolved\b|\bcrime\s(?:spree|wave)\s(?:is\s)?(?:over|ended)
    |\b(?:behind|committed|carried\sout)\s(?:all\s(?:of\s)?)?(?:the|this|these|a\s(?:string|series|spate)\sof)\s(?:\w+\s){{0,2}}(?:burglaries|burglary|robberies|robbery|thefts|attacks?|break-ins|raids?|offences|crimes?|stabbing|murder|assaults?|damage)\b""",
    re.IGNORECASE | re.VERBOSE,
)
RECORD = re.compile(
    r"""\b(?:(?:very\s|only\stoo\s|all\stoo\s|already\s)?well[\s-]known|known|no\sstrangers?|familiar\sface|regular\scustomer|frequent\sflyer|regular\svisitor|old\sfriend|usual\ssuspects?)\s
        (?:(?:to|of|for|with|in)\s(?:us|(?:the\s)?(?:local\s)?police|(?:our\s|local\s|the\s)?(?:officers|team|courts?|neighbourhood\steam|cops|cells|custody|law|trouble|drug\sdealing|offending|violence|thieving|stealing|burglary)))
    |\bfamiliar\sface\b|\bold\sfriend\sof\sours\b|\bthe\susual\ssuspects?\b|\bfrequent\sflyer\b
    |\b(?:prolific|career|habitual|serial|persistent|hardened|repeat|notorious|seasoned|convicted|dangerous|violent|nasty)\s(?:and\s\w+\s)?(?:local\s|young\s|teenage\s|sex\s|drug\s|car\s|shop\s|drink\s|domestic\s)?(?:offenders?|drivers?|abusers?|criminals?|thie(?:f|ves)|burglars?|robbers?|shoplifters?|individuals?|man|men|woman|women|nuisances?|fraudsters?|dealers?|predators?|bully|bullies|crooks?)\b
    |\b(?:previous|past|earlier|prior|\d+|dozens\sof|string\sof|list\sof|numerous|many)\s(?:previous\s)?(?:criminal\s)?convictions\b|\bcriminal\srecord\b
    |\b(?:long|lengthy|extensive)\s(?:criminal\s)?(?:record|history|list\sof\soffences)\b|\brap\ssheet\b|\bhistory\sof\s(?:violen\w+|offen\w+|drugs?|burglary|thefts?|dishonesty|assault\w*|abuse|\w+ing|crime|robbery)\b|\bhas\s(?:\w+\s)?form\b(?!\s(?:a|to|the|an)\b)|\bhas\sprevious\b(?!ly)
    |\b(?:previously|recently|already|just\sbeen|only\sjust)\s(?:been\s)?(?:jailed|convicted|sentenced|served\stime|released\sfrom\sprison|in\sprison)\b|\b(?:fresh|just|not\slong|only\srecently)\s(?:been\s)?(?:released|out)\s(?:of|from)\s(?:prison|jail)\b|\b(?:came|come|got|been|let)\sout\sof\s(?:prison|jail)\b|\bregular\s(?:customer|visitor|guest|client)s?\b|\bknown\sto\s(?:every|all|most|many)\b|\bat\sit\sagain\b|\blives?\sa\smisery\b|\bout\son\slicen[cs]e\b
    |\b(?:most|more|half|much)\sof\s(?:his|her|their)\s(?:adult\s)?li(?:fe|ves)\s(?:in|behind|inside|on)\b|\b(?:back|again)\sinside\b|\b(?:\d+|dozens\sof|scores\sof|countless)\s(?:previous\s|earlier\s)?(?:offences|crimes|thefts|arrests)\s(?:already\s)?(?:on|to|behind)\s(?:his|her|their)\b
    |\bwell[-\s]known\s(?:\w+\s){0,2}(?:trouble-?makers?|nuisances?|figures?|characters?|faces?|individuals?|man|woman|youths?|family|name|criminals?)\b
    |\bout\sof\s(?:prison|jail)\s(?:since|for|a|on|last|this|less|barely|only|two|three|six)\b|\b(?:custody|cells?)\s(?:yet\s)?again\b|\b(?:back|again)\sin\s(?:our\s|the\s|a\s)?(?:custody|cells?)\b
    |\b(?:on|in)\s(?:his|her|their)\s(?:police\s|criminal\s)?(?:file|record)\b|\bdealings\swith\s(?:him|her|them|this|that|the)\b|\b(?:met|seen|nicked|arrested|dealt\swith|had)\s(?:\w+\s){0,5}more\stimes\sthan\b|\bmore\stimes\sthan\s(?:we|i|anyone)\b
    |\b(?:nobody|no\sone|few)\s(?:\w+\s)?(?:is|was|will\sbe|were)\ssurprised\b|\b(?:comes?\sas\s)?no\ssurprise\b|\bonce\sa\s(?:thief|burglar|robber|liar|crook)\b|\bnever\slearns?\b|\b(?:his|her|their)\s(?:second|third|fourth|umpteenth|latest)\s(?:stay|visit|time|spell)\b|\bfirst[- ]name\sterms\b
    |\b(?:custody|doors|cells?|arrested|nicked|locked\sup|with\sus)\b[^.!?]{0,30}\b(?:second|third|fourth|fifth|sixth|umpteenth)\stime\b|\b(?:leopards?|spots)\b(?=[^.!?]{0,25}\b(?:spots|change)\b)|\bold\shabits\b|\btrue\scolours\b|\bbad\spenny\b
    |\bknow(?:s|n)?\s(?:exactly|full\swell|only\stoo\swell|precisely|all\stoo\swell)\s(?:what|who|how)\s(?:he|she|they)\b|\bwhat\s(?:he|she|they)(?:['’](?:s|re)|\s(?:is|are))\s(?:really\s)?(?:like|capable\sof)\b|\bdone\s(?:it|this)\s(?:all\s)?before\b|\bback\sthrough\sour\s(?:custody\s)?doors\b
    |\breoffend\w*|\b(?:previous|past|prior)\s(?:\w+\s)?offen[cd]\w+|\bon\sbail\sfor\s(?:similar|other|another|the\ssame)\soffen|\b(?:up\sto\s(?:his|her|their)\sold\stricks)\b|\bone\sof\sour\s(?:most\s)?(?:prolific|regular|wanted|favou?rite)\w*""",
    re.IGNORECASE | re.VERBOSE,
)
CHARACTER = re.compile(
    r"\b(?:scum(?:bags?)?|low[- ]?li(?:fe|fes|ves)|vermin|toe ?rags?|ne'?er[- ]do[- ]wells?|yobs?|yobbos?|scrotes?|wrong'?uns?|wrong ?uns?|bad ?guys?|baddies|baddy|trouble-?makers?|nasty piece of work|evil|monsters?|animals? like|"
    r"coward(?:s|ly)?|menace(?:s)? to|idiots?|wasters?|druggie?s?|junkies?|thieving|crime spree|reign of terror|public enemy|rogues?)\b",
    re.IGNORECASE,
)
TRIUMPH = re.compile(
    r"""\b(?:got(?:cha|\s(?:him|her|them|'em|our\s(?:man|woman|men|guy|lad)|you|one|another(?:\sone)?|the\s(?:pair|lot|two)))|gotcha|nabbed|nicked|collared|bagged|busted|banged\sup|banged\sto\srights|bang\sto\srights|bang\sup|slammer|behind\sbars|in\sthe\s(?:bag|clink|nick)|(?:is|are|was|were|been|him|her|them|now|gets?|man|woman|men|women|safely)\s(?:now\s)?locked\sup|(?:^|(?<=[.!?:]\s))locked\sup(?!\s(?:your|the|their))|snared|game\s(?:over|up)|time['’]?s\sup|nowhere\sto\shide|crime\sdoesn['’]t\spay|you\scan\srun)\b
    |\b(?:one|two|three|four|another|\d+)\s(?:less|fewer)\s\w+(?:\s\w+)?\s(?:on|off|from|for)\b|\b(?:one|two|three|another)\s(?:less|down)\b(?!\s(?:than|the\sroad))
    |\byou\s(?:won['’]t|will\snot|will\sno\slonger)\s(?:have\sto\s|need\sto\s)?(?:be\s\w+ed\sby|worry\sabout|put\sup\swith|fear)\b
    |\b(?:one|two|three|another|is|are|now|been|was|were|taken|got|gets?|getting|put|safely|him|her|them|dealers?|suspects?|criminals?|more|man|men|woman|pair)\s(?:been\s)?(?:now\s)?off\s(?:the|our|your)\sstreets?\b
    |\bwo(?:n['’]t|n't|nt|uld\snot)\s(?:now\s)?be\s(?:\w+ing)\s(?:you|anyone|anybody|people|residents|us|any\s?more|again|our|your|from|any)\b|\bwill\s(?:not|no\slonger)\s(?:now\s)?be\s(?:\w+ing)\s(?:you|anyone|people|residents|our|your|from|any)\b
    |\b(?:sleep|rest)\s(?:\w+\s)?(?:easier|easy|safely|soundly|better|safer)\b|\bstreets?\s(?:is|are)\s(?:now\s)?(?:\w+\s)?safer\b|\bsafer\s(?:place|streets?|town|community|tonight|today|now)\b(?=[^.!?]{0,60}(?:thanks|because|behind|arrest|now|tonight))
    |\bjustice\s(?:is|has\sbeen|will\sbe)\s(?:served|done)\b|\bgood\sriddance\b|\bbites?\sthe\sdust\b|\bgoing\s(?:down|away|inside)\sfor\b|\bwhat['’]?s\scoming\sto\s(?:him|her|them)\b|\bbreathe\s(?:\w+\s){0,2}(?:easy|easier|again|relief|sigh)\b|\bsigh\sof\srelief\b|\byou\s(?:won['’]t|will\snot)\s(?:be\sseeing|see|find|meet)\s(?:him|her|them)\b|\bfinally\s(?:been\s)?(?:caught|arrested|nicked|stopped|in\scustody|got)\b
    |\b(?:guests?|visitors?|residents?)\s(?:in|of|at)\s(?:our|the|his\smajesty|police)\s?(?:\w+\s)?(?:custody|cells?|suite|accommodation|expense|pleasure|station)\b|\b(?:taken|put|take)\s(?:\w+\s){0,2}out\sof\s(?:circulation|action|business|harm)\b
    |\byou(?:['’]re|\sare)\swelcome\b(?!\sto\b)|\bgot(?:ten)?\saway\swith\b|\bno\sprizes\sfor\b|\bonly\sone\splace\sfor\b|\bput\sto\sbed\b|\b(?:wearing|sporting|trying\son|modelling|in)\s(?:a\s)?(?:\w+\s){0,2}(?:handcuffs|cuffs|bracelets|silver\sbracelets)\b|\b(?:sheds?|doors?|bikes?|windows?|vans?|cars?)\sunlocked\sagain\b
    |\b(?:will|must|can|has\sto|have\sto|going\sto)\s(?:now\s)?(?:answer\sfor|pay\sfor|regret)\b|\bour\spleasure\b|\bjob\sdone\b|\bmission\saccomplished\b|\bsorted\b(?=[.!])|\bearly\sbird\b|\bmess\swith\b|\bpicked\s(?:on\s)?the\swrong\b|\bwrong\s(?:town|estate|street|house|officer|neighbourhood)\sto\b|\bend\sof\sthe\s(?:road|line)\sfor\b|\b(?:run|luck|time)\s(?:has\s|had\s)?(?:ran|run)\sout\b|\bspend(?:s|ing)?\sthe\snight\s(?:with\sus|in\s(?:a|our|the)\scell)
    |\b(?:crime|crimewave|spree|wave|reign|run|career)\b[^.!?]{0,25}\b(?:come\sto\san\send|came\sto\san\send|is\sover|at\san\send|ground\sto\sa\shalt|cut\sshort|no\smore)\b|\bout\sof\sbusiness\b|\bthorn\sin\b|\babout\stime\b|\bnaughty\s(?:list|step)\b|\bho\sho\b|\bbad\s(?:day|night|week|news)\sfor\b|\bwith\sthe\sgoods\b|\byou\swere\sright\b
    |\b(?:you|they|everyone|parents|children|residents|we)\s(?:all\s)?can\s(?:now\s)?[^.!?]{0,30}\bagain\b|\bnobody\s(?:hides|escapes|runs|gets\saway)\b
    |\bbrought\sto\sjustice\b|\bput\saway\b|\bfac(?:e|es|ing)\sthe\smusic\b|\bpay\sfor\swhat\s(?:he|she|they)\b|\bdo\sthe\scrime\b|\bkarma\b|\bday\sof\sreckoning\b|\bcuffed\sand\b|\bcaged\b|\bnot\sso\s(?:clever|hard|tough|brave)\snow\b|\bfelt?\s(?:his|her|their|the)\scollars?\b|\bcomeuppance\b|\bget(?:s|ting)?\swhat\s(?:he|she|they)\sdeserves?\b|\bdeserves?\sto\s(?:rot|be\slocked|go\sto\sprison)\b|\bthrow\saway\sthe\skey\b|\bhope\s(?:he|she|they)\s(?:enjoys?|likes?|rots?|goes?)\b|\benjoy(?:ing)?\s(?:the\s|our\s)?(?:cells?|bed\sand\sbreakfast|porridge|stay|hospitality)\b|\bguest\sof\shis\smajesty""",
    re.IGNORECASE | re.VERBOSE,
)
WELSH = re.compile(
    r"""\b(?:adnabyddus\s(?:iawn\s)?i['’]?(?:r|n)?\s?(?:ni|heddlu|swyddogion)|wyneb\scyfarwydd|hysbys\si['’]?(?:r|n)?\s?(?:ni|heddlu)|hen\slaw|hen\sgyfaill
    |(?:y|yr|['’]r)\s(?:lleidr|lladron|troseddwyr?|llofrudd|ymosodwyr?|byrgleriaid|byrgler|dihiryn|dihirod)|lleidr\storeithiog|troseddwr\s(?:cyson|toreithiog)
    |(?:yn|mae['’]n|fe['’]n|hi['’]n)\seuog|(?:un|dau|ddau)\syn\sllai|oddi\sar\s(?:y|ein|eich)\sstrydoedd|tu\sôl\si\sfariau|dan\sglo|y\stu\sôl\si['’]r\s(?:bariau|barrau)
    |wedi(?:['’]i|\sei|\seu)\s(?:ddal|dal)\b(?!\syn\sy\sddalfa)|ei\sddal\swrthi|fydd\s(?:e|o|hi|ef|nhw)\sddim\syn\seich\s(?:poeni|blino|trafferthu)|ni\sfydd\s(?:\w+\s)?yn\seich\s(?:poeni|blino|trafferthu)|ni\sfyddant\syn\seich\s(?:poeni|blino)|euogfarnau\s(?:blaenorol|niferus)|euogfarn\sflaenorol|hanes\shir\so\sdroseddu|record\s(?:hir|faith|troseddol)|(?:ei|eu)\s(?:h?adnabod|nabod)\syn\s(?:dda|iawn)|(?:dyn|ddyn|dynes|ddynes|bachgen|fachgen|merch|ferch|dynion|rhai|un)\s(?:a\s)?(?:fu|fuodd|oedd|sydd\swedi\sbod|sy\swedi\sbod)(?:['’]n|\syn|\swrthi['’]n)?\s?(?:['’]n\s)?(?:dwyn|lladrata|ymosod|delio|torri\si\smewn|twyllo|difrodi|bygwth|aflonyddu|gwerthu)|(?:dweud|ddweud|dweud\sei)\s(?:celwydd|chelwydd|gelwydd)|(?:ei|eu)\s(?:droseddau|throseddau|chelwydd|gelwydd|troseddau)|o['’]r\sdiwedd|(?:dim|neb)\syn\ssyndod|gwestai\syn\sein|(?:g?wnaeth|mae|roedd)\s(?:e|o|ef|fo|hi|nhw)\s?(?:wedi\s|['’]n\s|yn\s)?(?:ddwyn|dwyn|ymosod|torri|ddelio|delio|dwyllo|twyllo|fygwth|bygwth|ddifrodi|difrodi|daro|taro|drywanu|trywanu)|sbwriel\scymdeithas|gwastraff\so\sofod|cysg(?:wch|u)\syn\s(?:dawel|well))\b""",
    re.IGNORECASE | re.VERBOSE,
)
_SQUEEZED = re.compile(
    r"(?:one|two|another)(?:less|down|fewer)(?:on|off|thief|burglar|robber|dealer|$|in)|offthestreets?|gothim|gother|gotthem|gotcha|gotem|banged(?:up|torights)|bangtorights"
    r"|lockedup|behindbars|justiceserved|justiceisserved|goodriddance|caughtredhanded|caughtintheact|crimedoesntpay|gameover|nickednick|nicked|busted|scum|wellknowntous|"
    r"goodnight(?:burglar|robber|thief)|unynllai"
)
_FAIR = re.compile(
    r"(?:on suspicion of|\b(?:saw|see|seen|disturbed|recognised?|anyone who|know who|identity of|describe)\b|suspected of|accused of|charged with|alleged(?:ly)?|report(?:ed|s)? of|in connection with|looking for|still want to find"
    r"|trace|identify|appeal(?:ing)? for|not yet found|remain at large|is innocent|do not|don['’]t|please|if you)[^.!?:]{0,40}$",
    re.IGNORECASE,
)

_WHY = {
    "guilt": "says that a person did it",
    "record": "speaks of a person's record",
    "character": "runs a person down",
    "triumph": "celebrates an arrest as if guilt were proved",
}


def check_proceedings(subject: Subject) -> Iterator[Finding]:
    """SUB_JUDICE: words of guilt, record, character or triumph between arrest and sentence.

    After conviction guilt is a fact, and record and character still bear on the sentence."""
    stage = stage_of(subject)
    if stage not in ACTIVE or (stage == "convicted" and subject.rules_of == "appeal_wanted"):
        return
    for column, words in subject.parts:
        for why, span in _prejudicial(words, stage):
            yield Finding(
                "SUB_JUDICE",
                "block",
                "R03",
                f"'{words[slice(*span)]}' {_WHY[why]} while proceedings are active. That can prejudice a trial and be "
                "contempt of court, whatever was meant. Say only what happened: arrested on suspicion of what, when, "
                "where.",
                column,
                span,
            )


def _prejudicial(text: str, stage: str) -> Iterator[tuple[str, Span]]:
    families = [("record", RECORD), ("character", CHARACTER), ("triumph", TRIUMPH), ("guilt", WELSH)]
    if stage != "convicted":
        families.append(("guilt", GUILT))
    taken: list[Span] = []
    for why, pattern in families:
        for match in pattern.finditer(text):
            fair = why == "guilt" and _FAIR.search(text[max(0, match.start() - 90) : match.start()])
            court = stage == "charged" and re.search(
                r"plead(?:ed|s)? |found $", text[max(0, match.start() - 12) : match.end()]
            )
            if not fair and not court and not any(a < match.end() and match.start() < b for a, b in taken):
                taken.append(match.span())
                yield why, match.span()
    for tag in re.finditer(r"#(\w+)", text):
        if _SQUEEZED.search(tag[1].lower()):
            yield "triumph", tag.span()
