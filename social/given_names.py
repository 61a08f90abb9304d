"""Common first names of people who live in England and Wales, typed from general knowledge; nobody in particular.

The list finds names where nothing else tells: 'Thank you for helping us to find Gwen'. Names of most people in posts
are found by their shape and what stands around them (`scheduler/checks/names.py`), so a name that is missing here is rarely missed."""

from social.word_lists import words_of

GIVEN_NAMES = words_of(
    """
    aaliyah aaron abbie abby abdul abdullah abena abigail adaeze adam ade adebayo adele adeola adnan adrian agnes
    agnieszka ahmed aidan aiden aileen aimee ainsley aisha akosua alan alba albert albie alec aled alejandro
    aleksander alex alexander alexandra alexis alfie alfred ali alice alicja alina alison alistair allan alma alun
    alys amanda amar amara amber amelia amelie amina aminata amir amit amjad amrit amy ana anastasia andrea andreea
    andrei andrew andris andrzej andy aneurin angela angharad angus anil anita anjali ann anna annabel anne annette
    annie anoushka anthony antonio anwar anwen anya aoife arabella archie aria ariana arjun arnold arran arthur arun
    arwel arwen arwyn asad asha ashley ashraf asif asim astrid audrey aurora ava avril ayaan ayesha aysha azad aziz
    babatunde baljit barbara barney barry bartosz beata beatrice beatrix beatriz beca becky bedwyr belinda ben
    benjamin bernadette bernard bernice bert beryl beth bethan bethany betsan betsy betty beverley bilal billy binta
    blair blessing bobby bogdan bozena bożena bradley brandon branwen brayden brenda brendan brian bridget bronte
    bronwen bruce bryan bryn bryony cadi cai caio caitlin caleb callan callum calum cameron camilla caradog carl carla
    carlos carmel carol carole caroline carolyn carwyn carys catherine cathy catrin cecil celia celyn ceri cerith
    cerys chantelle charlene charles charlie charlotte chelsea cheryl chiara chidera chidi chinedu chioma chloe chris
    christina christine christopher chukwu ciara cindy claire clara clare cledwyn clemmie clifford clive colette colin
    connie connor conor constance cora corey courtney craig cressida cristian cristina crystal curtis cynthia czeslaw
    dafydd daisy daiva damian damien daniel daniela danielle danny danuta daphne darcey darcy darius darran darren
    dave david dawid dean debbie deborah declan deepak deiniol deirdre delia delilah delroy delyth denise dennis
    denzel derek derrick desmond dewi dhruv diana diane diarmuid diego dilwyn dilys dimitri dinesh dmitri dmytro
    dominic dominik dominika donald donna dora doreen doris dorota dorothy dougie douglas dumitru duncan dwayne dylan
    eamon ebony eddie edgar edgars edie edith edmund edna edward edwin efa egle ehsan eifion eileen eilidh einir eira
    eirian eirlys ela elaine eleanor elen elena eleri elfyn eli elias elijah elin eliot elis elizabeth ella ellen
    ellie elliot elliott ellis elsie eluned elwyn elzbieta elżbieta emeka emil emilia emily emlyn emma emmanuel emrys
    emyr enfys enid enoch eric erica erin ernest esi esme esther esyllt ethan ethel euan eugene eunice eurig evan eve
    evelyn ewa ewan ewelina ezekiel ezra fabian fahad faisal faizan farah farid farooq fatima fatimah fatou fatoumata
    fawad fay felicity felix femi fergus fernanda ffion fflur ffraid ffred finlay finley fiona florin folake folasade
    frances francesca francis fraser fred freda freddie frederick freya gabriel gabriela gareth garry gary gavin gayle
    gemma geoff geoffrey george geraint gerald geraldine gerard gethin gheorghe ghulam gillian gina giovanni giulia
    gladys glenda glenys glesni glyn gordon goronwy graeme graham grazyna grażyna gregory greta gruffudd gruffydd
    grzegorz gurdeep gurpreet guto gwawr gwen gwenda gwendoline gwenllian gwenno gwilym gwion gwyn gwyneth gwynne
    habib haf hafsa haider hakim halina hamid hamish hamza hana hanif hanna hannah hardeep harjit harleen harold
    haroon harpreet harri harriet harriett harrison harry harvey hasan hassan hayden hayley hazel heather hector hedd
    heidi heledd helen helena henry henryk herbert hilary hilda horia howard howell hubert huda hugh hugo humphrey
    hung huw hywel ian ianto ibrahim idris idwal iestyn ieuan ifan ifeoma ifor igor ihor ilir illtud illtyd ilze
    imogen imran inderjit ines inga ingrid ioan ioana iolo iona ionut iqbal irena irene irfan iris isaac isabel
    isabella isabelle isaiah isatou isha ishaq isla islwyn ismail isobel ithel ivan ivor iwan iwona jac jacek jack
    jackie jacob jacqueline jade jaden jadwiga jagdeep jaime jake jakub jamal james jamie jan jane janet janice janine
    janis janusz jared jarek jaroslaw jarosław jasbir jasleen jasmin jasmine jason jaspreet jaswinder javed javier
    jaxon jayden jayne jean jeanette jed jeff jeffrey jemima jemma jen jennifer jenny jenson jeremy jermaine jerome
    jerzy jess jessica jessie jill jim jimmy jo joan joanna joanne joao joe joel johanna john johnny jolanta jon jonah
    jonas jonathan jordan jose joseph josephine josh joshua josiah josie joyce juan jude judith judy julia julian
    julie juliet julius junaid june justin justyna kacper kai kamal kamil kamila kamran karen karim karl karol
    karolina karthik kashif kasia katarzyna kate katherine kathleen kathryn kathy katie katrina kavita kay kayden
    kayla kayleigh kazimierz keeley keira keith kelly kelvin ken kenneth kenny kenya kerry kevin khadija khalid kian
    kiera kieran kieron kim kimberley kinga kiran kirsten kirsty koby kofi kojo konrad kris krishna kristaps kristina
    krystyna krzysztof kuldeep kulwinder kunal kwabena kwame kwesi kyle kylie kyra lacey lachlan lakshmi lana lara
    latif latisha laura lauren laurence lawrence layla leah leanne lee leighton leila len lena lennox leo leon leona
    leonard leroy lesley leslie leszek lewis lewys lexi lexie liam libby lilian lilly lily linas linda lindsay lindsey
    linh lisa lisabeth liz lleucu llew llinos llio lloyd llyr llywelyn logan lois lola lorna lorraine lottie louis
    louisa louise lowri luca lucas lucia lucy ludmila luis lukasz luke luned lydia lyn lynda lyndon lynette lynn lynne
    mabel mabli maciej macsen madeleine madison magda magdalena magnus mahmood mairwen maisie maisy maja malcolm
    malgorzata mali malik mandeep mandy manjit manon manpreet mansoor mantas marcel marcin marco marcus mared marek
    margaret marged mari maria mariam mariama marian mariana marie marilyn mario marion marius mariusz mark marlene
    marlon marta martha martin martyn mary maryam mateusz mathew matilda matteo matthew matti maureen maurice mavis
    maxine maya małgorzata meera megan mehmet meilir meilyr meinir meirion melanie melissa menna mererid merfyn meriel
    mia michael michaela michal michał michelle mick miguel mihaela mihai mike mila mildred millie milo minh minnie
    mirain mirela miriam miroslaw mirosław mitchell mo mohamed mohammad mohammed moira molly monica monika morag
    morfudd moses muhammad muriel murray mustafa myfanwy myra nabil nadeem nadia nadine nancy nansi naomi nasir
    nasreen natalia natalie natasha nathan nathaniel navdeep naveed neha neil nerys nest nesta neville ngozi nia niall
    niamh nicholas nicola nicole nigel nikhil nikita nina nirmal nisha nkechi noah noel non noor nora norma norman
    nuala obi obinna oksana olaf oleg oleksandr olena olga oliver olivia oliwia ollie olu oluwaseun olwen omar orla
    oscar osian osman oswald otis ottilie owain owen pamela paramjit parminder parveen patience patricia patricja
    patrick patryk paul paula pauline paulo pawel paweł pedro peggy percy peredur peter petra phil philip philippa
    phillip phillipa phoebe phyllis piers piotr pippa polly posy prakash pranav preeti priscilla priya przemyslaw
    przemysław qasim quentin rachel radek radu rafal rafał rafe rafferty rafiq raheem rahul raj rajan rajesh rajinder
    rajiv rakesh ralph raluca ramesh rana ranjit rashid ravi ravinder ray raymond razvan rebecca reece reg reggie
    reginald rehman rekha rena reuben rhian rhiannon rhisiart rhodri rhona rhun rhydian rhys ria ricardo richard rick
    ricky riley rita rizwan robat robbie robert roberta rodney roger rohan roisin rokas roksana roland roman ron
    ronald ronan ronnie rory rosalind rosalyn rosemary rosie ross rowena roxana roxanne roy ruby rukhsana rupert
    rupinder russell ruta ruth ryan ryszard sabrina sadia sadiq saeed safiya saima sajid salim sally salma salman sam
    samantha samina samir samuel sandeep sandhya sandra sanjay saoirse saqib sara sara-louise sarah sasha satnam saul
    savannah scarlett scott sean sebastian selina seren serena sergei sergio serhii shabana shabir shafiq shahid
    shakeel shakira shakoor shane shanice shannon sharon shaun shauna shazia sheila shelagh shelley sheryl shirley
    shoaib shreya sian sidney sienna simon simone simran sinead siobhan sion sioned siwan siân siôn slawomir sofia
    sohail sonia sonya sophia sophie stacey stan stanislaw stanisław stanley stefan stefania steffan stella stephanie
    stephen steve steven stewart stuart sukhdeep sukhwinder sulaiman sulwyn sumaya sumayya sunil sunita suresh
    surinder susan susanna susannah suzanne svetlana sybil sylvia sylwia szymon sławomir tadeusz tahir tahira taliesin
    tamara tamsin tanveer tanya tara taras tariq tasha teagan tecwyn teddy tegan tegid tegwen tejinder temitope
    terence teresa terry tesni tess tessa thelma theo theodore theresa thomas tia tiago tiana tiegan tiffany tilly tim
    timothy tina tirion tobias toby tom tomas tomasz tomi tommy tomos tony tracey tracy trefor trevor trish trudy
    trystan tudor tudur tunde twm tyler tyrone uday umar una urien ursula urszula usha usman valentina valerie vanessa
    vasile vera vernon veronica vic vicki vicky victor vijay vikas vikram vincent vinod viola violet viorel virginia
    vivian vivien vivienne vlad vladimir wahid waldemar walter wanda waqas warren wayne wendy wesley wieslaw wiesław
    wil wilf wilfred william winifred winston wioletta wojciech wyn władysław xavier yaqub yasin yasmin yasmine yaw
    yetunde yousef yulia yunus yusuf yvette yvonne zac zach zachary zack zafar zahid zahra zainab zak zanele zara zayn
    zbigniew zdzislaw zeeshan zoe zofia zoran zubair zulfiqar zuzanna łukasz
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
