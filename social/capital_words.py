"""Words that are written with a capital in posts and are no part of a personal name, or may be none."""

from social.word_lists import words_of

PLACE_WORDS = words_of(
    """
    road street lane avenue way close drive court crescent row walk place terrace hill park school primary academy
    college university police council hospital library centre center church chapel station market moor vale end rise
    town green bridge farm estate square precinct inn arms hall house reserve fields field parade rec wood woods
    common mews gardens garden grove gate yard wharf quay canal river lake pond beach bay island valley village city
    county borough district ward north south east west upper lower nether great little new old mill roundabout
    junction bypass retail industrial shopping supermarket shop store stores cafe pub club hotel restaurant infants
    junior secondary high sixth nursery surgery clinic pharmacy fire ambulance service services team teams force
    forces constabulary department office unit group trust association society charity foundation union partnership
    committee board forum scheme watch week day month year night weekend appeal update alert notice warning event
    events campaign operation op project programme award awards league united rovers athletic albion wanderers fc
    rfc cup stadium arena theatre museum gallery cinema bank building society crown magistrates county high youth
    supreme court prison hmp hq cctv pcso pcsos dashcam facebook twitter instagram whatsapp youtube crimestoppers
    fearless neighbourhood safer road safety victim support citizens advice act section part code order community
    public anti social behaviour knife crime drugs burglary robbery theft fraud domestic abuse hate rural wildlife
    business retailer speed speedwatch missing wanted found charged arrested jailed closed open reopened heddlu
    cyngor ysgol heol ffordd stryd lôn pentre pentref tref dinas sir canolfan neuadd gorsaf llys ysbyty llyfrgell
    eglwys capel parc afon mynydd llan bell roundabouts avenue's viaduct marina docks dock harbour port airport
    terminal depot crossing layby allotments allotment playground playing leisure sports swimming baths marketplace
    tavern barn barns cottage cottages lodge manor castle abbey priory cathedral mosque temple synagogue gurdwara
    cemetery crematorium heights mount view bank banks brook beck burn ford dene dell cross corner circus broadway
    boulevard esplanade promenade side meadow meadows paddock rise
    """
)
"""What streets, places, organisations and events end or begin with."""
SURNAMES_TOO = words_of(
    """
    hill wood woods lake marsh green hall park ford lane cross brook brooks banks burn rose castle bridge moor field fields
    church mill west north kirk dale beck heath barn barnes pond rivers street waters day gardens garden gate
    march close place lodge temple abbey bell knight lock house town
    """
)
"""Words of places that are common surnames too: people where something else says so."""
NOT_NAMES = words_of(
    """
    male males female females passenger passengers student students couple couples rider riders shoplifter motorcyclist
    biker farmer builder tenant landlord landlady worker workers employee employees teen teens individual individuals duo pair
    trio adult adults juvenile customer shopkeeper schoolboy schoolgirl grandad nan businessman trader plumber roofer the a an this that these those there here it its i we he she they you your our his her their my me us who what
    when where which why how did do does have has had is are was were be been can could will would should may might
    must and or but if so as at by for from in into of off on out over to up with without after before between
    during since until near about no not yes please thank thanks stop call ring report message dm reply quote
    quoting reference ref sorry hello hi hey dear good morning afternoon evening today tomorrow tonight yesterday
    now then just more most many some any all both each every one two three four five six seven eight nine ten
    eleven twelve man men woman women boy boys girl girls child children teenager teenagers person people residents
    resident neighbours neighbour suspect suspects victim victims officers officer police detectives detective
    driver drivers cyclist pedestrian motorist mum dad mother father brother sister son daughter husband wife
    grandmother grandfather pensioner lady gentleman youth youths everyone somebody someone anyone nobody monday
    tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december christmas easter halloween bonfire diwali eid ramadan new year's spring summer autumn
    winter update appeal wanted missing found urgent breaking important alert warning information remember seen
    spotted charged arrested jailed sentenced convicted guilty justice result results great well fantastic excellent
    english welsh british scottish irish wales england britain scotland ireland uk london birmingham manchester
    cardiff swansea newport yr y yn ar am ac a'r mae mae'r oes ydych ydy dyma diolch dyn dynes merch bachgen menyw
    gwr heddlu swyddogion apêl chwilio ffoniwch os neu hefyd fel arall llun mawrth mercher iau gwener sadwrn sul
    ionawr chwefror ebrill mai mehefin gorffennaf awst medi hydref tachwedd rhagfyr nadolig ford vauxhall volkswagen
    audi bmw mercedes nissan toyota honda hyundai kia peugeot renault citroen skoda seat fiat volvo mazda suzuki
    yamaha kawasaki transit golf fiesta focus corsa astra polo clio land rover range jaguar tesla mini lexus amazon
    ebay paypal apple google tesco asda aldi lidl morrisons sainsbury sainsbury's boots greggs argos nhs bbc itv
    crime justice god covid dna atm sim id gps usb tv
    """
)
"""What stands with a capital around names, or alone, and is no name."""
