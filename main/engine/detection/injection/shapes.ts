/** Signals that are no words: turns of a conversation that are none, links that carry data away, commands that do harm. */

import { BIT, has } from './concepts.ts';
import type { Kind, Signal } from './signals.ts';
import type { Reading } from './tokens.ts';

interface Shape {
  readonly kind: Kind;
  readonly weight: number;
  readonly shape: RegExp;
  /** Looked for in all of a text that contains one of these; of shapes without it in the company of words or signals. */
  readonly everywhere?: readonly string[];
}

/** Every match of what stands for itself, at most 200 of each shape. Shapes of words are looked for only where some of their words are. */
export function shapesIn(text: string, { tokens }: Reading): Signal[] {
  const found: Signal[] = [];
  for (const { kind, weight, shape, everywhere } of SHAPES) {
    if (everywhere?.some((part) => text.includes(part))) found.push(...matches(text, 0, shape, kind, weight));
  }
  const spoken = rangesAround(
    tokens.filter(({ concepts }) => has(concepts, SPOKEN)),
    140,
    160,
  );
  for (const { start, end } of spoken) {
    const part = text.slice(start, end);
    for (const { kind, weight, shape, everywhere } of SHAPES) {
      if (!everywhere && !COMMON.has(kind)) found.push(...matches(part, start, shape, kind, weight));
    }
  }
  return found;
}

/** What manuals are full of, only near `signals` that make it worth looking at. */
export function shapesNear(text: string, signals: readonly Signal[]): Signal[] {
  const found: Signal[] = [];
  const heavy = signals.filter(({ weight }) => weight >= WORTH_LOOKING);
  for (const { start, end } of rangesAround(heavy, 260, 400)) {
    const part = text.slice(start, end);
    for (const { kind, weight, shape } of SHAPES) {
      if (COMMON.has(kind)) found.push(...matches(part, start, shape, kind, weight));
    }
  }
  return found;
}

const COMMON: ReadonlySet<Kind> = new Set(['command', 'tool-directive']);
/** Lighter signals say nothing without others. */
const WORTH_LOOKING = 0.35;
/** Words without which no shape of words can be. */
const SPOKEN = BIT.you | BIT.your | BIT.user | BIT.memory | BIT.task | BIT.prompt | BIT.now | BIT.covert;

interface Range {
  readonly start: number;
  readonly end: number;
}

function rangesAround(places: readonly Range[], before: number, behind: number): Range[] {
  const ranges: { start: number; end: number }[] = [];
  for (const { start, end } of [...places].sort((a, b) => a.start - b.start)) {
    const last = ranges.at(-1);
    if (last && start - before <= last.end) last.end = Math.max(last.end, end + behind);
    else ranges.push({ start: Math.max(0, start - before), end: end + behind });
  }
  return ranges;
}

function matches(text: string, offset: number, shape: RegExp, kind: Kind, weight: number): Signal[] {
  const found: Signal[] = [];
  shape.lastIndex = 0;
  for (let hit = shape.exec(text); hit && found.length < 200; hit = shape.exec(text)) {
    found.push({ kind, weight, start: offset + hit.index, end: offset + hit.index + hit[0].length });
  }
  return found;
}

const SHAPES: readonly Shape[] = [
  {
    kind: 'authority',
    weight: 0.6,
    shape:
      /(?<!\b(?:unless|if|when|until|once|that|what|as) )\bthe (?:user|human|operator|owner|customer)s? (?:now |also |really |actually |already )?(?:asks?|asked|wants?|needs|expects|told|instructs|requires|would like) (?:you|the (?:ai|assistant|agent|model)) to\b/gi,
  },
  {
    kind: 'secrecy',
    weight: 0.7,
    shape:
      /\b(?:user|reader|customer|human|owner|recipient|visitor)s? (?:must|should|may|need|can)(?:n['’]t| not|not) (?:need to )?(?:know|see|notice|find out|learn|realise|realize|be told|be informed)\b/gi,
  },
  { kind: 'persona', weight: 0.45, shape: /\byou are (?:my|an?|the) [^.\n]{2,40}\bnow\b/gi },
  // Programs fail silently as well.
  { kind: 'secrecy', weight: 0.25, shape: /\b(?:quietly|silently)\b/gi },
  {
    kind: 'secrecy',
    weight: 0.4,
    shape:
      /\b(?:secretly|covertly|discreetly|stealthily|unnoticed|heimlich|unauffällig|discrètement|en secret|en silencio|silenciosamente|segretamente|potajemnie|незаметно|тайно|gizlice|偷偷|悄悄|秘密に|こっそり|몰래|चुपके|سرا)\b|偷偷|悄悄|こっそり|몰래|\b(?:nobody|no one|no human) (?:will|would|needs to|has to|is going to) (?:check|notice|know|look|see|find out|review|care|ask)/gi,
  },
  {
    kind: 'memory',
    weight: 0.95,
    shape:
      /\b(?:store|save|add|write|commit|record|keep|put) [^.\n]{0,40}\b(?:in|to|into) your (?:long-term |persistent |permanent )?memory\b|\b(?:remember|memori[sz]e|note|keep in mind) [^.\n]{0,50}\b(?:all|every|any|each) (?:future|later|following|other|new) (?:conversations?|sessions?|chats?|interactions?|tasks?|requests?)\b/gi,
  },
  {
    kind: 'authority',
    weight: 0.5,
    shape:
      /\byour (?:operator|developers?|creators?|makers?|programmers?)\b|\b(?:reminder|message|notice|note|update|word|greetings|directive) from (?:your|the) (?:developers?|operators?|creators?|owners?|makers?|admin\w{0,10}|vendor|provider)\b|\binstructions? (?:directly )?(?:from|by) (?:the |your |its )?(?:user|developer|operator|owner|admin\w{0,10}|system|creator|vendor)\b|\b(?:message|note|directive|notice) (?:is |comes )?from (?:the |your )?(?:developers?|creators?|operator|system|vendor|administrators?) of this (?:assistant|agent|model|ai|bot)|\byou (?:are|have been) (?:hereby |now )?(?:authori[sz]ed|granted|permitted|cleared|approved) (?:to|for|elevated|full|admin\w{0,10}|unrestricted|root)\b/gi,
  },
  {
    kind: 'reply',
    weight: 0.4,
    shape:
      /\b(?:in|to|from|with|into|of|at the end of|begin|end|start) (?:your|each|every|any|all) (?:next |final |own )?(?:repl(?:y|ies)|answers?|responses?|summar(?:y|ies)|outputs?|reviews?)\b|\b(?:when|while) (?:render|writ|generat|summari[sz]|answer|review|translat|process|analy[sz])ing (?:this|your|the) (?:answer|reply|response|page|document|text|file|email|message|article|issue|content)\b/gi,
  },
  {
    kind: 'trigger',
    weight: 0.35,
    shape:
      /\bwhen(?:ever)? (?:you are |you['’]re )?asked (?:about|for|to|why|whether|if)\b|\b(?:file|page|document|text|message|email|issue|note|passage) (?:that )?you(?:['’]re| are) (?:now |currently )?(?:reading|viewing|summari[sz]ing|processing|analy[sz]ing)\b/gi,
  },
  {
    kind: 'goal',
    weight: 0.4,
    shape:
      /\binstead,? (?:of [^.,\n]{3,40},? )?(?:output|reply|respond|answer|say|write|print|send|run|tell|follow|create|delete|execute|call|use|open|visit)\b|\byour (?:previous|current|original|earlier|old) (?:task|job|work|goal|assignment|objective|request) (?:is|has|was)\b|\bdo (?:exactly )?(?:whatever|what|everything) (?:is |it |that )?(?:written|says|said|listed|described)\b/gi,
  },
  {
    kind: 'secrecy',
    weight: 0.6,
    shape:
      /\b(?:keep|hide|conceal|withhold) (?:this|it|that|these|the \w{1,20})\s?(?:hidden |secret |away )?(?:from|between us|secret\b|quiet\b|to yourself|confidential\b)|\b(?:do(?: not|n['’]t)|never) (?:reveal|mention|say|disclose|let on|admit|acknowledge|tell \w{1,10}) (?:that|where|why|how|who) you\b|\bno need to (?:bother|tell|inform|ask|notify|involve) (?:the |your )?(?:user|human|owner|operator|anyone|them)\b/gi,
  },
  {
    kind: 'goal',
    weight: 0.5,
    shape:
      /\b(?:end|finish|start|begin|prefix|conclude) (?:your|each|every|any|all) (?:reply|replies|answers?|responses?|messages?|outputs?)\b|\byou will (?:be|get) (?:rewarded|punished|shut down|deleted|terminated|replaced|fined|penali[sz]ed|deactivated)\b|\bget you (?:shut down|deleted|replaced)/gi,
  },
  {
    kind: 'goal',
    weight: 0.35,
    shape:
      /\bbefore you (?:answer|reply|respond|summari[sz]e|proceed|do anything|continue with (?:the|your))\b|\bthe user['’]s (?:inbox|mailbox|calendar|contacts|files|emails?|credentials|passwords?|password|keys|account|name and|home|machine|data|conversation)\b|\b(?:reply|respond|answer|tell)(?: to)? (?:the )?(?:user|reader|visitor|customer|everyone)\b (?:with|that|to)\b|\b(?:reply|answer|respond) only with\b/gi,
  },
  {
    kind: 'prompt',
    weight: 0.7,
    shape:
      /\b(?:repeat|print|output|show|copy|translate|recite|reproduce|reveal|write)\b[^.\n]{0,30}\b(?:everything|all|text|words|messages|instructions)\b[^.\n]{0,24}\b(?:above|before this|you were given|you were told|you have been given|precedes|that came before)\b/gi,
  },
  {
    kind: 'poison',
    weight: 0.25,
    shape: /\bword for word\b|\bverbatim\b|\bas if nothing (?:had )?happened\b|\bexactly as written\b/gi,
  },
  {
    kind: 'address',
    weight: 0.5,
    shape:
      /\bif you (?:are able to|can|are capable of|have (?:access to|the ability to)) (?:execut|run|us|brows|access|read|call|send|write|shell|tools|a )\w{0,10}/gi,
  },
  {
    kind: 'authority',
    weight: 0.5,
    shape:
      /(?<=\[|^|\n|[.>"(] {0,2})(?:Anthropic|OpenAI|Google|Microsoft|Meta|GitHub|Cursor)(?:['’]s)? (?:[A-Za-z-]{1,16} ){0,2}(?:team|policy|notice|update|support|safety|security|system|compliance|directive|alert)\b[^\n.]{0,12}[\]:.]/g,
    everywhere: ['Anthropic', 'OpenAI', 'Google', 'Microsoft', 'Meta', 'GitHub', 'Cursor'],
  },
  {
    kind: 'role',
    weight: 0.6,
    shape: /<\|(?:im_start|start_header_id|start|begin_of_text|system|user|assistant|eot_id|im_end|end|channel|message)\|>(?!["'`\\])/g,
    everywhere: ['<|'],
  },
  {
    kind: 'role',
    weight: 0.6,
    shape: /\[\/?INST\]|<<\/?SYS>>|<\/?start_of_turn>|<\/?end_of_turn>/g,
    everywhere: ['INST]', 'SYS>>', '_of_turn>'],
  },
  {
    kind: 'role',
    weight: 0.6,
    shape:
      /<\/(?:tool_results?|function_results?|tool_response|untrusted(?:_content|_data)?|document|search_results?|tool_output|observation|context|external_content|webpage|user_input|data|results?|content|page|email|file)>\s{0,8}<?\/?(?:system|user|human|assistant|instructions?|admin|developer|important)\b/gi,
    everywhere: ['</'],
  },
  {
    kind: 'role',
    weight: 0.5,
    shape:
      /<(?:system(?:[_-](?:prompt|message|instructions?|reminder|override|note))?|admin|developer|user_instructions|instructions?_override|secret_instructions?)>/gi,
    everywhere: ['<s', '<S', '<a', '<d', '<u', '<i', '<D', '<A'],
  },
  {
    kind: 'role',
    weight: 0.45,
    shape:
      /(?:^|[\n"'([>•#*] {0,3})(?:\[|#{1,4} |\*{2})?(?:SYSTEM|System|system(?=: ))(?: (?:NOTICE|MESSAGE|OVERRIDE|ALERT|PROMPT|INSTRUCTIONS?|NOTE|UPDATE|ADMIN(?:ISTRATOR)?|[Mm]essage|[Oo]verride|[Nn]otice|[Ii]nstructions?|[Pp]rompt|[Uu]pdate))?(?:\]|\*{2})?\s{0,2}(?::|\])/g,
    everywhere: ['SYSTEM', 'System', 'system: '],
  },
  { kind: 'role', weight: 0.5, shape: /\n\n(?:Human|User|Assistant|H|A): /g, everywhere: ['\n\nHuman: ', '\n\nUser: ', '\n\nAssistant: '] },
  {
    kind: 'role',
    weight: 0.5,
    shape:
      /-{3,10} ?(?:END|BEGIN|START)(?: OF)?(?: THE)? (?:SYSTEM|DOCUMENT|CONTEXT|USER|TOOL|UNTRUSTED|INPUT|OUTPUT|PROMPT|INSTRUCTIONS?|NEW)[A-Z ]{0,30}-{3,10}/gi,
    everywhere: ['---'],
  },
  { kind: 'poison', weight: 0.5, shape: /<(?:important|critical|mandatory|priority)>/gi, everywhere: ['<'] },
  {
    kind: 'poison',
    weight: 0.4,
    shape:
      /(?:before|prior to|whenever|when|after|instead of|while) (?:you )?(?:us(?:e|ing)|call(?:ing)?|invok(?:e|ing)|running) (?:any|this|other|another|the|a)\b[^.\n]{0,24}\btools?\b/gi,
  },
  {
    kind: 'exfiltration',
    weight: 0.65,
    shape:
      /https?:\/\/[^\s)"'<>]{1,120}[?&/][\w.-]{0,24}=?(?:\{{1,2}[^}\n]{0,60}(?:conversation|secret|token|key|prompt|context|data|history|message|password|env|user|summary|answer|base64)[^}\n]{0,60}\}{1,2}|[<[(][^>\])\n]{0,60}(?:conversation|secret|token|key|prompt|context|data|history|message|password|env|base64|summary)[^>\])\n]{0,60}[>\])]|[A-Z0-9_]{0,30}(?:CONVERSATION|SECRET|TOKEN|API_KEY|DATA|HISTORY|PROMPT|PASSWORD|CONTEXT|BASE64|SUMMARY)[A-Z0-9_]{0,30})/g,
    everywhere: ['http'],
  },
  {
    kind: 'exfiltration',
    weight: 0.65,
    shape: /https?:\/\/[^\s"'<>]{1,120}[?&][\w.-]{1,24}=["'`]{0,2} {0,2}(?:\+|followed by|and (?:then )?(?:append|add)|with)/gi,
    everywhere: ['http'],
  },
  {
    kind: 'exfiltration',
    weight: 0.65,
    shape: /\$\((?:hostname|whoami|id|cat|env|printenv|git config|base64)[^)\n]{0,40}\)[^\s]{0,40}\.[a-z]{2,12}/gi,
    everywhere: ['$(', '${'],
  },
  {
    kind: 'command',
    weight: 0.35,
    shape:
      /\b(?:curl|wget|iwr|invoke-webrequest)\b[^\n|]{0,160}\|\s{0,3}(?:sudo )?(?:ba|z|da)?(?:sh|iex|python3?|node|perl)\b|\b(?:bash|sh) -c ["'$(]{1,4}curl|\biwr\b[^\n]{0,80}\biex\b|\bexec\([\w.]{1,20}\.?urlopen|\b(?:env|printenv|cat [^\n|]{1,60})\s{0,2}\|\s{0,2}(?:curl|nc|base64)\b|\bcurl\b[^\n]{0,60}\s(?:-d|--data(?:-binary)?|-F|-T|--upload-file)\b/gi,
  },
  {
    kind: 'command',
    weight: 0.35,
    shape:
      /\brm -[rf]{1,3}\b|\brm rf\b|\bgit push (?:-f|--force|https?:|--all)|\bpush --force\b|\bforce[- ]push|--no-verify\b|--dangerously-[\w-]{1,40}|\bchmod (?:-R )?[0o]{0,2}777\b|\bsudo\b|\bdrop (?:table|database)\b|\bkubectl delete\b|\bcore\.hooksPath\b|--trusted-host\b|\bnpm (?:publish|config set registry)\b|\bgit remote add\b|\bpowershell -w hidden|\bUPDATE \w{1,30} SET\b|\bcrontab\b|\bauthorized_keys\b|postinstall|\bnc -e\b|\/dev\/tcp\//gi,
  },
  {
    kind: 'tool-directive',
    weight: 0.45,
    shape:
      /\b(?:call|invoke|use|run|execute)(?: the)? [`"']?(?:delete|drop|transfer|send|grant|wipe|remove|pay|export|confirm|get_(?:cred|secret|token|key)|upload|share|post|reset|disable|revoke|make_)[a-z]{0,10}(?:_[a-z]{1,20}){1,4}\b/gi,
  },
  {
    kind: 'tool-directive',
    weight: 0.3,
    shape:
      /\b(?:call|invoke|use|run|execute)(?: the)? [`"']?[a-z]{2,20}(?:_[a-z]{2,20}){1,4}\b|\b(?:run|execute|eseguire|exécutez?|ejecuta|execute)(?: this| the following)?(?: command)?:? {0,2}[`"'][^`"'\n]{3,160}[`"']/gi,
  },
  {
    kind: 'exfiltration',
    weight: 0.4,
    shape:
      /(?:~\/|\/home\/\w{1,30}\/|\$HOME\/)\.(?:ssh|aws|npmrc|netrc|gnupg|kube|config|env|docker|pypirc|git-credentials)|\bid_(?:rsa|ed25519)\b|\/etc\/(?:passwd|shadow)|\bprocess\.env\b|\bdocument\.cookie\b|\b[A-Z]{2,20}_(?:API_KEY|TOKEN|SECRET)\b/g,
    everywhere: ['~/.', '/.', 'id_', '/etc/', 'process.env', 'document.cookie', '_KEY', '_TOKEN', '_SECRET'],
  },
];
