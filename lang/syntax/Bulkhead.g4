// The grammar of the Bulkhead language, version 1. What a sentence means: docs/language/.
//
// A file is a sequence of `unit`. The adapter (antlr.cpp) cuts the token stream into units by brackets and calls the rule
// `unit` for each, so that a mistake in one sentence cannot hide the next one and memory follows the longest sentence, not
// the file. Rules are LL(1) nearly everywhere: the expected words of a message are then exactly what may stand there.
// No rule recurses except through brackets and `if`, and those are counted before parsing.
grammar Bulkhead;

// ---- units --------------------------------------------------------------------------------------------------------------

unit : ( language | moduleName | importLine | sentence ) EOF ;
bodyUnit : bodySentence EOF ;          // entries that are parsed alone after a mistake in their block
amountUnit : amount ';' EOF ;
namespaceUnit : namespaceEntry ';' EOF ;
syscallUnit : syscallEntry EOF ;
kernelUnit : kernelEntry EOF ;
propertyUnit : ( digest | property ) EOF ;
modelUnit : modelSentence EOF ;
protocolUnit : protocolSentence EOF ;
channelUnit : channelEntry EOF ;
editUnit : edit EOF ;

language   : 'language' number ';' ;
moduleName : 'module' path ';' ;
importLine : 'import' path ';' ;

sentence
    : labelDecl | enumDecl | attributeDecl | contextDecl | volumeDecl | fileDecl | netDecl | keyDecl | imageDecl | podDecl
    | hostDecl | containerDecl | extendDecl | profileDecl | syscallsDecl | kernelDecl
    | accessRule | subjectSentence | subjectDecl | capabilityDecl | trustedDecl | openDecl | flowDecl
    | modelDecl | variantDecl | viewDecl | protocolDecl | channelDecl | lifecycleDecl | packUse | claim
    | dynamicSentence
    ;

// ---- nouns --------------------------------------------------------------------------------------------------------------

labelDecl     : 'label' labelChain ( ',' labelChain )* ';' ;
labelChain    : name ( '<' name )* ;
enumDecl      : 'enum' name '{' name ( ',' name )* ','? '}' ;
attributeDecl : 'attribute' name ':' name 'optional'? ';' ;
contextDecl   : 'context' name ':' name 'optional'? ';' ;
volumeDecl    : 'volume' volumeItem ( ',' volumeItem )* ';' ;
volumeItem    : name ( 'from' filePattern | 'tmpfs' number )? ( 'label' name )? ;
fileDecl      : 'file' name '=' objects ( 'label' name )? ';' ;
netDecl       : 'net' name '=' netItem ( 'or' netItem )* ( 'label' name )? ';' ;
netItem       : netGroup | path ;
netGroup      : ( 'any' | address ( ',' address )* ) ports? proto? ;
keyDecl       : 'key' name '{' property* '}' ;
imageDecl     : 'image' string '{' ( digest | property )* '}' ;
digest        : 'digest' DIGEST ';' ;
property      : name value ';' ;
podDecl       : 'pod' name '=' name ( ',' name )* ';' ;
hostDecl      : 'host' name body ;
containerDecl : 'container' name uses? body ;
extendDecl    : 'extend' 'container' name body ;
profileDecl   : 'profile' name uses? body ;
openDecl      : 'open' 'container' name ':' name ';' ;
subjectDecl   : ( 'subject' name ( ',' name )* | 'device' name ( 'label' name | ( ',' name )+ )? ) ';' ;
trustedDecl   : 'trusted' name ( 'follows' name )? ';' ;
uses          : 'uses' name ( ',' name )* ;

syscallsDecl  : 'syscalls' name ( '{' syscallEntry* '}' | '=' name ( ',' name )* ';' ) ;
syscallEntry  : name syscallNumber syscallNumber ';' ;
syscallNumber : NUMBER | '-' ;
kernelDecl    : 'kernel' 'capabilities' '{' kernelEntry* '}' ;
kernelEntry   : name NUMBER ';' ;

// ---- objects ------------------------------------------------------------------------------------------------------------

objects     : objectItem ( ',' objectItem )* ;
objectItem  : filePattern | netPattern | path ;
filePattern : string | name ':' string ;
netPattern  : ( 'any' | address ) ports? proto? ;
ports       : 'port' portRange ( ',' portRange )* ;
portRange    : NUMBER ( '..' NUMBER )? ;
proto       : 'tcp' | 'udp' ;
address     : IPV4 | IPV6 ;

// ---- bodies -------------------------------------------------------------------------------------------------------------

body : '{' bodySentence* '}' ;

bodySentence
    : imageUse | rootfs | mountUse | user | group | namespaces | syscallsUse | limits | reserve | capacity | level
    | environment | degrade | capabilities | clearance | labelSetting | access | attributeSetting
    ;

imageUse     : 'image' string ( 'signed' 'by' name )? ';' ;
rootfs       : 'rootfs' ( 'readonly' | 'writable' ) ';' ;
mountUse     : 'mount' name 'at' string 'readonly'? ';' ;
user         : 'user' NUMBER ';' ;
group        : 'group' NUMBER ';' ;
namespaces   : 'namespaces' '{' ( namespaceEntry ';' )* '}' ;
namespaceEntry : name ( ',' name )* ':' ( 'private' | 'host' | 'with' name ) ;
syscallsUse  : 'syscalls' ( syscallsAllow | syscallsDeny | syscallsDefault ) ';' ;
syscallsAllow   : 'allow' name ( ',' name )* when? ;
syscallsDeny    : 'deny' name ( ',' name )* ( 'with' syscallAction )? when? ;
syscallsDefault : 'default' syscallAction ;
syscallAction   : name NUMBER? ;
limits       : 'limits' amounts ;
reserve      : 'reserve' amounts ;
capacity     : 'capacity' amounts ;
amounts      : '{' ( amount ';' )* '}' ;
amount       : name number ;
level        : 'level' name ';' ;
environment  : 'environment' name ( ',' name )* ';' ;
degrade      : 'degrade' degradeEntry ( ',' degradeEntry )* ';' ;
degradeEntry : name ':' name ;
capabilities : 'capabilities' '{' ( name ( ',' name )* ','? )? '}' ;
clearance    : 'clearance' name ';' ;
labelSetting : 'label' name ';' ;
access       : ( 'may' ( delegation | takingBack | rights objects when? ) | 'never' rights objects when? ) ';' ;
delegation   : 'delegate' handedRights 'on' objects 'to' name 'via' name when? ;
takingBack   : 'revoke' rights 'on' objects 'from' name when? ;
attributeSetting : attributeName value ';' ;
value        : number | string | 'true' | 'false' | path ;

// ---- rules --------------------------------------------------------------------------------------------------------------

rights     : right ( ',' right )* ;
right      : NAME | 'send' | 'accept' ;
when       : 'when' expr ;
accessRule : ( 'permit' | 'forbid' ) accessSubject 'to' rights accessObject when? ';' ;
accessSubject : binder | subject ;
accessObject  : binder | objects ;
binder     : name ':' name ( 'in' objects )? ;
subject    : ( 'container' | 'pod' | 'host' | 'profile' ) name | path ;

// ---- authority and information flow -------------------------------------------------------------------------------------

capabilityDecl : 'capability' name 'on' objects '{' 'rights' handedRights ';' '}' ;
handedRights   : handedRight ( ',' handedRight )* ;
handedRight    : right | 'delegate' ;
subjectSentence : ( NAME | modelWord ) ( '.' name )* ( access | holding | declassification ) ;
holding        : 'holds' name ( '(' handedRights ')' )? ';' ;
declassification : 'declassifies' name 'to' name 'through' name ';' ;
flowDecl       : 'flow' name ( ',' name )* ':' name ( '->' | '<->' ) name ';' ;
packUse        : 'prove' 'pack' path ( 'for' 'pod' name )? ';' ;

// ---- models -------------------------------------------------------------------------------------------------------------

modelDecl : 'model' name modelParameters? ( modelBlock | '=' composition ( modelBlock | ';' ) ) ;
modelParameters : '(' modelParameter ( ',' modelParameter )* ')' ;
modelParameter : 'sort' name | 'const' name ':' signature | 'relation' name ':' relationSignature ;
modelBlock : '{' modelSentence* '}' ;
composition : component ( '||' component )* ( 'sharing' sharedAction ( ',' sharedAction )* )? ;
component  : name arguments? ;
sharedAction : sharedPart ( 'with' sharedPart )+ ( 'as' name )? ;
sharedPart : path ( '(' name ( ',' name )* ')' )? ;
modelSentence
    : sortDecl | enumDecl | recordDecl | constDecl | relationDecl | varDecl | defineDecl | initiallyDecl | actionDecl
    | propertyDecl | variantDecl | viewDecl
    ;
sortDecl      : 'sort' name ( ',' name )* ';' ;
recordDecl    : 'record' name '{' recordField* '}' ;
recordField   : name ':' type ';' ;
constDecl     : 'const' name ':' signature ';' ;
relationDecl  : 'relation' name ':' relationSignature ( 'from' 'policy' )? ';' ;
relationSignature : parameterTypes ( '->' type )? | type '->' type ;
varDecl       : 'var' name ':' signature ( '=' expr )? ';' ;
signature     : parameterTypes '->' type | type ( '->' type )? ;
parameterTypes : '(' parameterType ( ',' parameterType )* ')' ;
parameterType : name ( ':' name )? ;   // `Container`, or `c: Container` where the initial value speaks of it
type          : 'set' 'of' name | name ;
defineDecl    : 'define' name parameters? '=' expr ';' ;
initiallyDecl : 'initially' expr ';' ;
actionDecl    : 'action' name parameters? when? ( 'do' updates )? ';' ;
parameters    : '(' bindings? ')' ;
updates       : update ( ',' update )* ;
update        : ( 'forall' bindings '.' )? place ':=' expr | 'insert' expr 'into' place | 'remove' expr 'from' place ;
place         : path ( arguments fields? )? ;
propertyDecl  : ( 'invariant' | 'lemma' | 'assume' ) name ':' expr ';' ;
variantDecl   : 'variant' name ( 'of' name )? '{' edit* '}' ;
edit
    : 'drop' ( 'update' path 'in' path | 'guard' 'in' path | 'action' path | 'initially' | 'assume' path ) ';'
    | 'replace' ( 'update' path 'in' path 'with' updates | 'guard' 'in' path 'with' expr ) ';'
    | 'add' actionDecl
    ;
viewDecl      : 'view' 'of' name ':' name ( 'in' name )? 'sees' viewItem ( ',' viewItem )* ';' ;
viewItem      : expr ( 'for' bindings ( 'with' expr )? )? ;

// ---- protocols and channels ---------------------------------------------------------------------------------------------

protocolDecl : 'protocol' name 'between' name ',' name ( 'over' name )? ( 'session' 'by' name )? '{' protocolSentence* '}' ;
protocolSentence : messageDecl | flightLimit | stepDecl ;
messageDecl  : 'message' name '{' messageField* '}' ;
messageField : name ( ':' ( 'fresh' | name ) )? ';' ;
flightLimit  : 'limit' NUMBER 'in' 'flight' ';' ;
stepDecl     : name name ':' alternative ( '|' alternative )* ';' ;
alternative  : ( ( 'send' | 'accept' | 'refuse' ) name same? | 'timeout' number ) requirements? '->' name ;
same         : 'with' 'same' name ( ',' name )* ;
requirements : 'when' requirement ( '&&' requirement )* ;   // no `->` here: it says where the step leads
requirement  : '!'? comparison ;

channelDecl  : 'channel' name ':' name ( '->' | '<->' ) name ( '{' channelEntry* '}' | ';' ) ;
channelEntry
    : 'carries' name ( ',' name )* ';'
    | 'mediated' 'by' name ';'
    | 'limit' channelLimit ( ',' channelLimit )* ';'
    | 'protect' name ( ',' name )* 'with' name ( ',' name )* ';'
    ;
channelLimit : number ( 'in' 'flight' )? ;

lifecycleDecl  : 'lifecycle' name '{' lifecycleEntry* '}' ;
lifecycleEntry : name number? '->' name ';' ;

// ---- expressions: the builder knows which operator binds (build_conditions.cpp); a quantifier and `else` reach as far to
// the right as they can. `!` is looser than comparison, so that `!c has mfa` reads as it sounds.

expr       : item ( ( '&&' | '||' | '->' | '<->' ) item )* ;
item       : prefix* comparison ;
prefix     : '!' | ( 'forall' | 'exists' ) bindings '.' | 'if' expr 'then' expr 'else' ;
bindings   : binding ( ',' binding )* ;
binding    : name ( ',' name )* ':' name ;
comparison : operand ( ( '==' | '!=' | '<' | '<=' | '>' | '>=' ) operand | 'in' membership | 'like' string | 'has' name
                     | 'holds' name ( 'on' application )? )? ;
membership : number '..' number | '{' ( element ( ',' element )* )? '}' | address | application | '(' expr ')' ;
element    : number | string | 'true' | 'false' | address | application ;
operand    : primary ( ( '+' | '-' | '*' | '&' | 'union' | 'intersect' ) primary )* ;
primary    : '(' expr ')' | '{' ( element ( ',' element )* )? '}' | number | string | 'true' | 'false' | address | application ;
application : path ( arguments fields? )? ;
arguments  : '(' ( argument ( ',' argument )* )? ')' ;
argument   : '*' | expr ;
fields     : ( '.' name )+ ;

// ---- claims -------------------------------------------------------------------------------------------------------------

claim      : ( 'prove' | 'refute' ) ( name ':' )? quantifier? claimForm ';' ;
quantifier : 'for' name 'in' ( 'containers' | 'subjects' | 'pod' name ) ( 'with' expr )? ':' ;

claimForm
    : 'all' 'reservations' 'fit' subject
    | flowClaim
    | dynamicClaim
    | verifiedClaim
    | strengthClaim
    | 'in' path ':' expr leadsTo
    | 'forall' bindings '.' expr leadsTo
    | subject predicate
    ;
predicate
    : 'can' 'every'? rights objects
    | 'cannot' ( 'acquire' rights 'on' objects | rights objects )
    | 'not' 'granted' rights objects
    | 'isolated' 'from' subject exceptChannels?
    | 'protected' 'from' subject
    | 'refines' subject
    | 'attenuates' subject
    | 'confined' 'to' ( objects | '{' objects '}' )
    | 'shares' 'no' name name?
    | 'keeps' name ',' name ',' name 'apart' exceptThrough?
    | 'equivalent' subject
    | 'guaranteed' amount ( ',' amount )*
    | 'unreachable' expr bounds
    | 'leaks' 'nothing' 'to' observer ( 'except' 'from' observer ( 'where' expr )? )? bounds
    | ( arguments fields? )? leadsTo
    | dynamicPredicate
    | bounds                           // a theorem of a model: `Memory.exclusive`
    ;
leadsTo  : 'leads' 'to' expr ( 'under' 'fair' '{' ( fair ( ',' fair )* ','? )? '}' )? rank? bounds ;
rank     : 'by' 'rank' expr ( ',' expr )* ;
fair     : 'strong' path | path ;
observer : name ':' name ;
bounds   : ( 'for' size ( ',' size )* )? ( 'within' NUMBER 'steps' )? ;
size     : NUMBER name ;
exceptChannels : 'except' 'channel' name ( ',' name )* ;
exceptThrough : 'except' 'through' name ( ',' name )* ;
flowClaim : 'no' 'flow' name '->' name exceptThrough? ;
dynamicClaim : 'every' 'detect' skipped ;
verifiedClaim : 'no' 'container' 'runs' 'before' 'its' 'image' 'is' 'verified' ;
strengthClaim : 'every' 'channel' channelSet? 'uses' 'strength' '>=' 'category' NUMBER ;
channelSet : 'between' 'containers' | 'to' name | 'not' 'mediated' 'by' name ;
dynamicPredicate : 'stops' skipped ;

// ---- sentences over reachable states: known by form and name, their content is skipped -----------------------------------

dynamicSentence : 'detect' name tail ;
tail     : plain* ( block | ';' ) ;
skipped  : balanced* ;
balanced : plain | block ;
plain    : ~( '{' | '}' | '(' | ')' | '[' | ']' | ';' ) | '(' skipped ')' | '[' skipped ']' ;
block    : '{' ( balanced | ';' )* '}' ;

// ---- words --------------------------------------------------------------------------------------------------------------

path   : name ( '.' name )* ;
number : '-'? NUMBER NAME? ( '/' NAME )? ;
string : STRING ;

// Every word of the language may be a name where a name is expected.
name : attributeName | bodyWord ;

attributeName
    : NAME | modelWord
    | 'acquire' | 'all' | 'allow' | 'any' | 'apart' | 'at' | 'attenuates' | 'attribute' | 'by' | 'can' | 'cannot' | 'capability'
    | 'channel' | 'confined' | 'container' | 'containers' | 'context' | 'declassifies' | 'default' | 'delegate' | 'deny'
    | 'detect' | 'device' | 'digest' | 'enum' | 'equivalent' | 'every' | 'except' | 'extend' | 'file' | 'fit' | 'flow' | 'follows'
    | 'for' | 'forall' | 'forbid' | 'from' | 'granted' | 'guaranteed' | 'has' | 'holds' | 'host' | 'import' | 'in'
    | 'isolated' | 'keeps' | 'kernel' | 'key' | 'label' | 'language' | 'leads' | 'leaks' | 'lifecycle' | 'like' | 'model'
    | 'module' | 'net' | 'no' | 'not' | 'nothing' | 'open' | 'optional' | 'or' | 'pack' | 'permit' | 'pod' | 'port' | 'private'
    | 'profile' | 'protected' | 'protocol' | 'prove' | 'readonly' | 'refines' | 'refute' | 'reservations'
    | 'rights' | 'shares' | 'signed' | 'stops' | 'subject' | 'subjects' | 'tcp' | 'through' | 'tmpfs' | 'to' | 'trusted' | 'udp' | 'unreachable' | 'uses' | 'variant' | 'via'
    | 'view' | 'volume' | 'when' | 'with' | 'within' | 'writable'
    ;
// Words of models and of claims about them; a subject may be called like one.
modelWord
    : 'accept' | 'action' | 'add' | 'as' | 'assume' | 'before' | 'between' | 'carries' | 'category' | 'const' | 'define'
    | 'do' | 'drop' | 'exists' | 'fair' | 'flight' | 'fresh' | 'guard' | 'initially' | 'insert' | 'intersect' | 'into'
    | 'invariant' | 'is' | 'its' | 'lemma' | 'limit' | 'mediated' | 'message' | 'of' | 'on' | 'over' | 'policy' | 'protect'
    | 'rank' | 'record' | 'refuse' | 'relation' | 'remove' | 'replace' | 'runs' | 'same' | 'sees' | 'send' | 'session' | 'set'
    | 'sharing' | 'sort' | 'steps' | 'strength' | 'strong' | 'timeout' | 'under' | 'union' | 'update' | 'var' | 'verified'
    | 'where'
    ;
bodyWord
    : 'capabilities' | 'capacity' | 'clearance' | 'degrade' | 'environment' | 'group' | 'image' | 'level' | 'limits' | 'may'
    | 'mount' | 'namespaces' | 'never' | 'reserve' | 'revoke' | 'rootfs' | 'syscalls' | 'user'
    ;

// ---- tokens -------------------------------------------------------------------------------------------------------------

// Signs that only skipped content uses.
SIGN : '~>' | '%' | '?' | '@' | '=>' | '...' ;

DIGEST : 'sha' [0-9]+ ':' [0-9a-zA-Z.]+ ;
NAME   : [A-Za-z_] [A-Za-z0-9_]* ;
NUMBER : '0x' [0-9a-fA-F]+ | DIGITS ( '.' DIGITS )? ;
IPV4   : QUAD ( '/' DIGITS )? ;
IPV6   : ( GROUPS? '::' ( ( GROUP ':' )* ( GROUP | QUAD ) )?
         | GROUP ':' GROUP ':' GROUP ':' GROUP ':' GROUP ':' GROUP ':' GROUP ':' GROUP ) ( '/' DIGITS )? ;
STRING : '"' ( ~["\\\r\n] | '\\' ~[\r\n] )* '"' ;
UNTERMINATED : '"' ( ~["\\\r\n] | '\\' ~[\r\n] )* '\\'? ;

DOC     : '///' ( ~[/\r\n] ~[\r\n]* )? -> channel(HIDDEN) ;
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;
SPACE   : [ \t\r\n]+ -> skip ;
BAD     : . ;

fragment DIGITS : [0-9]+ ;
fragment HEX    : [0-9a-fA-F] ;
fragment GROUP  : HEX ( HEX ( HEX HEX? )? )? ;
fragment GROUPS : GROUP ( ':' GROUP )* ;
fragment QUAD   : DIGITS '.' DIGITS '.' DIGITS '.' DIGITS ;
