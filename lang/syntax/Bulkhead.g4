// The grammar of the Bulkhead language, version 1. What a sentence means: docs/language/.
//
// A file is a sequence of `unit`. The adapter (antlr.cpp) cuts the token stream into units by brackets and calls the rule
// `unit` for each, so that a mistake in one sentence cannot hide the next one and memory follows the longest sentence, not
// the file. Rules are LL(1) nearly everywhere: the expected words of a message are then exactly what may stand there.
// No rule recurses except through brackets, and those are counted before parsing.
grammar Bulkhead;

// ---- units --------------------------------------------------------------------------------------------------------------

unit : ( language | moduleName | importLine | sentence ) EOF ;
bodyUnit : bodySentence EOF ;          // entries that are parsed alone after a mistake in their block
amountUnit : amount ';' EOF ;
namespaceUnit : namespaceEntry ';' EOF ;
syscallUnit : syscallEntry EOF ;
kernelUnit : kernelEntry EOF ;
propertyUnit : ( digest | property ) EOF ;

language   : 'language' number ';' ;
moduleName : 'module' path ';' ;
importLine : 'import' path ';' ;

sentence
    : labelDecl | enumDecl | attributeDecl | contextDecl | volumeDecl | fileDecl | netDecl | keyDecl | imageDecl | podDecl
    | hostDecl | containerDecl | extendDecl | profileDecl | syscallsDecl | kernelDecl
    | accessRule | subjectSentence | claim | dynamicSentence
    ;

// ---- nouns --------------------------------------------------------------------------------------------------------------

labelDecl     : 'label' labelChain ( ',' labelChain )* ';' ;
labelChain    : name ( '<' name )* ;
enumDecl      : 'enum' name '{' name ( ',' name )* ','? '}' ;
attributeDecl : 'attribute' name ':' name 'optional'? ';' ;
contextDecl   : 'context' name ':' name 'optional'? ';' ;
volumeDecl    : 'volume' volumeItem ( ',' volumeItem )* ';' ;
volumeItem    : name ( 'from' filePattern | 'tmpfs' number )? ;
fileDecl      : 'file' name '=' objects ( 'label' name )? ';' ;
netDecl       : 'net' name '=' netItem ( 'or' netItem )* ';' ;
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
    | environment | degrade | capabilities | clearance | access | revocation | attributeSetting
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
access       : ( 'may' ( 'delegate' skipped | rights objects when? ) | 'never' rights objects when? ) ';' ;
revocation   : 'revoke' skipped ';' ;
attributeSetting : attributeName value ';' ;
value        : number | string | 'true' | 'false' | path ;

// ---- rules --------------------------------------------------------------------------------------------------------------

rights     : right ( ',' right )* ;
right      : NAME ;
when       : 'when' expr ;
accessRule : ( 'permit' | 'forbid' ) accessSubject 'to' rights accessObject when? ';' ;
accessSubject : binder | subject ;
accessObject  : binder | objects ;
binder     : name ':' name ( 'in' objects )? ;
subject    : ( 'container' | 'pod' | 'host' | 'profile' ) name | path ;

// ---- conditions: loosest first; `!` is looser than comparison, so that `!c has mfa` reads as it sounds ------------------

expr       : disjunction ( '->' disjunction )* ;
disjunction : conjunction ( '||' conjunction )* ;
conjunction : negation ( '&&' negation )* ;
negation   : '!'* comparison ;
comparison : operand ( ( '==' | '!=' | '<' | '<=' | '>' | '>=' ) operand | 'in' membership | 'like' string | 'has' name
                     | 'holds' name )? ;
membership : number '..' number | '{' ( element ( ',' element )* )? '}' | address | path ;
element    : number | string | 'true' | 'false' | address | path ;
operand    : primary ( '&' primary )* ;
primary    : '(' expr ')' | number | string | 'true' | 'false' | address | path ;

// ---- claims -------------------------------------------------------------------------------------------------------------

claim      : ( 'prove' | 'refute' ) ( name ':' )? quantifier? claimForm ';' ;
quantifier : 'for' name 'in' ( 'containers' | 'pod' name ) ( 'with' expr )? ':' ;

claimForm
    : 'all' 'reservations' 'fit' subject
    | dynamicClaim
    | subject predicate
    ;
predicate
    : 'can' 'every'? rights objects
    | 'cannot' ( 'acquire' skipped | rights objects )
    | 'not' 'granted' rights objects
    | 'isolated' 'from' subject ( 'except' skipped )?
    | 'protected' 'from' subject
    | 'refines' subject
    | 'equivalent' subject
    | 'guaranteed' amount ( ',' amount )*
    | dynamicPredicate
    ;
dynamicClaim : ( 'no' ( 'flow' | 'container' ) | 'every' ( 'detect' | 'channel' ) | 'forall' ) skipped ;
dynamicPredicate
    : 'confined' 'to' skipped
    | 'attenuates' skipped
    | 'leaks' 'nothing' 'to' skipped
    | 'stops' skipped
    | 'unreachable'
    | ( '(' skipped ')' )? 'leads' 'to' skipped
    | ( ( 'for' | 'within' ) skipped )?          // a theorem of a model: `Memory.exclusive`
    ;

// ---- sentences over reachable states: known by form and name, their content is skipped -----------------------------------

subjectSentence
    : NAME ( '.' name )* ( access | ( 'holds' | 'declassifies' ) skipped ';' )
    ;
dynamicSentence
    : ( 'subject' | 'device' ) name ( ',' name )* ';'
    | 'trusted' name ( 'follows' name )? ';'
    | 'open' 'container' name ':' name ';'
    | ( 'capability' | 'channel' | 'model' | 'protocol' | 'lifecycle' | 'detect' | 'variant' ) name tail
    | ( 'view' | 'revoke' ) tail
    ;
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
    : NAME
    | 'acquire' | 'all' | 'allow' | 'any' | 'at' | 'attenuates' | 'attribute' | 'by' | 'can' | 'cannot' | 'capability'
    | 'channel' | 'confined' | 'container' | 'containers' | 'context' | 'declassifies' | 'default' | 'delegate' | 'deny'
    | 'detect' | 'device' | 'digest' | 'enum' | 'equivalent' | 'every' | 'except' | 'extend' | 'file' | 'fit' | 'flow' | 'follows'
    | 'for' | 'forall' | 'forbid' | 'from' | 'granted' | 'guaranteed' | 'has' | 'holds' | 'host' | 'import' | 'in'
    | 'isolated' | 'kernel' | 'key' | 'label' | 'language' | 'leads' | 'leaks' | 'lifecycle' | 'like' | 'model'
    | 'module' | 'net' | 'no' | 'not' | 'nothing' | 'open' | 'optional' | 'or' | 'permit' | 'pod' | 'port' | 'private'
    | 'profile' | 'protected' | 'protocol' | 'prove' | 'readonly' | 'refines' | 'refute' | 'reservations'
    | 'signed' | 'stops' | 'subject' | 'tcp' | 'tmpfs' | 'to' | 'trusted' | 'udp' | 'unreachable' | 'uses' | 'variant'
    | 'view' | 'volume' | 'when' | 'with' | 'within' | 'writable'
    ;
bodyWord
    : 'capabilities' | 'capacity' | 'clearance' | 'degrade' | 'environment' | 'group' | 'image' | 'level' | 'limits' | 'may'
    | 'mount' | 'namespaces' | 'never' | 'reserve' | 'revoke' | 'rootfs' | 'syscalls' | 'user'
    ;

// ---- tokens -------------------------------------------------------------------------------------------------------------

// Signs that only skipped content uses.
SIGN : '~>' | ':=' | '+' | '*' | '%' | '?' | '@' | '|' | '=>' | '...' ;

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
