"""Common first names of people who live in England and Wales, typed from general knowledge; nobody in particular.

The list finds names where nothing else tells: 'Thank you for helping us to find Gwen'. Names of most people in posts
are found by their shape and what stands around them (`names.py`), so a name that is missing here is rarely missed."""

from scheduler.checks.base import words_of

GIVEN_NAMES = words_of(
    """
    aaron abbie abby abdul abdullah abigail adam adele adrian agnes ahmed aidan aiden aileen aimee ainsley aisha
    alan albert alec aled alejandro aleksander alex alexander alexandra alexis alfie alfred ali alice alicja alina
    alison alistair allan alma alun alys amanda amar amber amelia amelie amina amir amit amjad amy ana anastasia
    andrea andreea andrei andrew andrzej andy aneurin angela angharad angus anil anita anjali ann anna annabel anne
    annette annie anthony antonio anwar anwen archie arjun arnold arran arthur arun arwel arwen asad asha ashley
    asif asim astrid audrey aurora ava avril ayaan ayesha aysha azad barbara barney barry bartosz beata beatrice
    becky belinda ben benjamin bernadette bernard bernice bert beryl beth bethan bethany betty beverley bilal billy
    blessing bogdan bradley brandon branwen brenda brendan brian bridget bronwen bruce bryan bryn bryony caitlin
    caleb callum calum cameron camilla carl carla carmel carol carole caroline carolyn carwyn carys catherine cathy
    catrin cecil celia ceri cerys chantelle charlene charles charlie charlotte chelsea cheryl chidi chloe chris
    christina christine christopher chukwu ciara cindy claire clara clare clifford clive colette colin connie connor
    conor constance corey courtney craig cristina cynthia dafydd daisy damian damien daniel daniela danielle danny
    daphne darius darran darren dave david dawid dean debbie deborah declan deepak deiniol deirdre delia delyth
    denise dennis denzel derek derrick desmond dewi dhruv diana diane diarmuid dilwyn dilys dimitri dominic dominik
    dominika donald donna dora doreen doris dorota dorothy dougie douglas duncan dwayne dylan eamon ebony eddie
    edgar edith edmund edna edward edwin eileen eilidh eirian elaine eleanor elen elena eleri eli elias elijah elin
    eliot elizabeth ella ellen ellie elliot elliott ellis elsie elwyn emil emilia emily emlyn emma emmanuel emyr
    enid enoch eric erica erin ernest esme esther ethan ethel eugene euan eunice evan eve evelyn ewa ewan ezra
    fabian faisal farah farid farooq fatima fatimah fay felicity felix femi ffion finlay fiona florin folasade
    francesca francis frances fraser fred freddie freda frederick freya gabriel gabriela gareth garry gary gavin
    gayle gemma geoff geoffrey george geraint geraldine gerald gerard gethin gillian gina giovanni gladys glenda
    glenys glyn gordon graeme graham grazyna gregory greta grzegorz guto gwen gwenda gwendoline gwenllian gwilym
    gwyn gwyneth gwynne habib hafsa hakim hamid hamza hana hanna hannah harleen harold haroon harpreet harriet
    harriett harrison harry harvey hasan hassan hayden hayley hazel heather hector heidi helen helena henryk henry
    herbert hilary hilda horia howard howell hubert huda hugh hugo humphrey huw hywel ian ibrahim idris iestyn ieuan
    ifan ifor ilir imogen imran ines ingrid ioan iolo iona ionut irena irene iris irfan isaac isabel isabella
    isabelle isha isla islwyn ismail ivan ivor iwan iwona jack jackie jacob jacqueline jade jaden jakub jaime jake
    jamal james jamie jan jane janet janice janine janusz jared jarek jaroslaw jasbir jasmin jasmine jason jaswinder
    javed jayden jayne jean jeanette jed jeff jeffrey jemima jemma jen jennifer jenny jeremy jerome jerzy jess
    jessica jessie jill jim jimmy jo joan joanna joanne joe joel johanna john johnny jolanta jon jonah jonathan
    jordan jose joseph josephine josh joshua josie joyce juan judith judy julia julian julie juliet julius june
    justin justyna kacper kai kamal kamil kamila karen karim karl karol karolina karthik kasia kate katarzyna
    katherine kathleen kathryn kathy katie katrina kavita kay kayla kayleigh keeley keira keith kelly kelvin ken
    kenneth kenny kenya kerry kevin khadija khalid kian kieran kieron kim kimberley kinga kiran kirsten kirsty
    konrad kris krishna kristina krystyna krzysztof kuldeep kunal kwame kyle kylie lana lara latif latisha laura
    lauren laurence lawrence layla leah leanne leila leighton len lena lennox leo leon leona leonard leroy lesley
    leslie lewis liam libby lilian lilly lily linda lindsay lindsey lisa liz lloyd llinos llywelyn logan lois lola
    lorna lorraine louis louisa louise lowri luca lucas lucia lucy ludmila luis luke lukasz lydia lyn lynda lyndon
    lynette lynn lynne mabel maciej macsen madeleine madison magda magdalena mahmood maisie malcolm malgorzata mali
    malik mandy manjit manon marcel marcin marco marcus mared margaret maria mariam marian mariana marie marilyn
    mario marion mariusz mark marlene marlon marta martha martin martyn mary maryam mateusz matilda matthew maureen
    maurice mavis maxine maya megan mehmet meinir melanie melissa merfyn meriel mia michael michal michaela michelle
    mick mihai mike mila mildred millie milo minnie mirela miriam mitchell mo mohamed mohammad mohammed moira molly
    monica monika morag moses muhammad muriel murray mustafa myfanwy myra nabil nadia nadine nancy naomi nasir
    natalia natalie natasha nathan nathaniel naveed neha neil nerys nesta neville nia niall nicholas nicola nicole
    nigel nikhil nikita nina nisha noah noel noor nora norma norman nuala oksana olaf oleg olena olga oliver olivia
    olu olwen omar oscar osian oswald owain owen pamela parminder patience patricia patricja patrick patryk paul
    paula pauline pawel pedro peggy percy peter petra phil philip phillip phillipa philippa phoebe phyllis piers
    piotr polly prakash pranav preeti priscilla priya przemyslaw quentin rachel radek radu rafal rafiq raheem rahul
    raj rajesh rajinder rajiv rakesh ralph ramesh rana ranjit rashid ravi ravinder ray raymond razvan rebecca reece
    reg reggie reginald rekha rena reuben rhian rhiannon rhodri rhona rhydian rhys ria ricardo richard rick ricky
    riley rita robbie robert roberta rodney roger rohan roisin roland roman ron ronald ronan ronnie rory rosalind
    rosemary rosie ross rosalyn rowena roxanne roy ruby rupert russell ruth ryan ryszard sabrina sadia saeed saima
    sajid salim sally salma sam samantha samina samir samuel sandeep sandra sanjay sara sarah sasha saul scarlett
    scott sean sebastian selina serena seren sergei shabana shahid shakira shakeel shane shanice shannon sharon
    shaun shauna shazia sheila shelagh shelley sheryl shirley shreya sian sidney simon simone simran sinead siobhan
    sioned siwan slawomir sonia sonya sophia sophie stacey stan stanislaw stanley stefan stefania steffan stella
    stephanie stephen steve steven stewart stuart sulaiman sunil sunita suresh surinder susan susanna susannah
    suzanne svetlana sybil sylvia szymon tadeusz tahir taliesin tamara tamsin tanya tara tariq tasha tegan tegwen
    terence teresa terry tess tessa thelma theo theodore theresa thomas tia tiffany tim timothy tina tobias toby tom
    tomasz tomos tony tracey tracy trefor trevor trish trudy tudor tyler tyrone umar una ursula usha usman valentina
    valerie vanessa vasile vera vernon veronica vic vicki vicky victor vijay vikram vikas vincent viola violet
    viorel virginia vivian vivien vivienne vlad wahid walter wanda warren wayne wendy wesley wieslaw wilf wilfred
    william winifred winston wojciech wyn xavier yasmin yasmine yusuf yvette yvonne zac zach zachary zahid zahra
    zainab zak zara zbigniew zofia zoe zoran zubair zuzanna adeola ade adebayo amara chidera chinedu chioma emeka
    ifeoma kwabena kofi kojo kwesi ngozi nkechi obi oluwaseun tunde yaw zanele dinesh fahad gurpreet gurdeep hardeep
    harjit inderjit jagdeep jasleen kulwinder mandeep manpreet navdeep nirmal paramjit rajan rupinder sandhya satnam
    sukhdeep sukhwinder tejinder uday vinod ashraf aziz ehsan faizan fawad ghulam haider hanif iqbal ishaq junaid
    kashif mansoor nadeem nasreen parveen qasim rehman rizwan rukhsana sadiq saqib shabir shafiq shakoor shoaib
    sohail tahira tanveer waqas yaqub yasin zafar zeeshan zulfiqar agnieszka barbara bozena czeslaw danuta elzbieta
    halina jadwiga jacek joanna kazimierz leszek marek mirosław miroslaw roksana sylwia urszula waldemar wioletta
    zdzislaw łukasz paweł michał rafał małgorzata grażyna bożena elżbieta jarosław stanisław władysław sławomir
    wiesław przemysław alfie lee darcy kyle jaxon kayden tommy bobby teddy lewys mabli efa ela cai elis gruffudd
    gruffydd harri ianto jac llew lleucu mari marged mirain morfudd nansi non rhisiart sion siôn siân sara-louise
    tesni tirion twm mathew matti bedwyr caradog cadi celyn cerith cledwyn crystal eifion einir elfyn eluned emrys
    enfys eurig ffraid ffred glesni goronwy gwawr gwenno haf heledd idwal illtud ithel lisabeth luned mairwen meilyr
    meirion menna nest peredur robat sulwyn tecwyn tomi trystan wil
    """
)

ALSO_WORDS = words_of(
    """
    april art autumn bill chase christian dale dawn drew faith frank gene glen grace grant guy harmony heath holly
    hope hunter ivy jewel joy june lance mark max may miles noel page pat patience penny pepper pierce poppy rich
    rob robin rose roman sandy sky star sue summer sunny tom victor will bradford chelsea charity georgia jordan
    kelly kent lane lee lily mercy angel amber ash basil berry blossom blue bonnie brook chip chuck clay cliff coral
    crystal daisy don dot earl ebony fay fern forest gale garland ginger hazel heather iris jack jade jasmine jet
    lark laurel major melody mo moss myrtle nick olive opal pearl peg pip polly ray reed ruby rusty sage scout
    shirley stone storm teddy terry viola violet wade warren woody
    """
)
"""First names that are also words, months or places: alone, and at the head of a sentence, they tell nothing."""
