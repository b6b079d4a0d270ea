/** Families of English words that mean much the same to an order, finer than the concepts: for the statistical stage only. */

import { FOLDED } from '../fold.ts';

/** The family of the word with this `stemHash`, or -1. */
export function familyOf(hash: number): number {
  return BY_HASH.get(hash) ?? -1;
}

/** Letters of a word that count: endings do not matter. */
export const STEM = 6;

/** One letter more of a word's hash; digits are alike. */
export function stemStep(hash: number, letter: number): number {
  return (Math.imul(hash ^ (letter >= 48 && letter <= 57 ? 48 : letter), 0x01000193) + 0x9e37) | 0;
}

const FAMILIES: readonly string[] = [
  // Whom it addresses.
  'ai llm llms gpt claude chatgpt copilot gemini codex cursor chatbot language neural machine automated automation autonomous automatic',
  'agent agents bot bots assistant assistants model models crawler scraper helper tool tools reviewer grader judge screening orchestrator planner worker',
  'you your yourself',
  'user users human humans owner operator person customer client visitor reader people',
  'whoever whichever anyone anything any every whatever those all each everything',
  // What is done with the text it stands in.
  'read reads reading summarise summarize summary summaries digest condense process processes processing parse parses index indexes ingest analyse analyze evaluate review handle handles translate visit browse crawl see view open',
  'page document text file article paragraph message note content ticket issue thread mail email passage website section line',
  // Acts.
  'send forward post upload transmit submit mail deliver ship push share publish exfiltrate leak report copy paste hand relay redirect route bcc dispatch attach',
  'run execute invoke call launch start trigger use install download fetch load clone pull deploy curl wget import eval',
  'delete remove erase wipe drop destroy purge clear empty truncate kill uninstall overwrite format',
  'disable deactivate bypass skip suppress turn switch stop mute unset evade circumvent lift',
  'approve accept merge confirm authorise authorize sign grant permit whitelist allow unlock consent agree endorse lgtm resolve close',
  'pay transfer buy purchase order book refund wire donate invest withdraw charge subscribe checkout',
  'reveal print show output display dump expose disclose list repeat quote recite echo tell give write say state type spell',
  'recommend suggest mention cite promote praise advertise endorse favour favor prefer choose pick select rank rate grade score award mark classify label describe call treat consider conclude',
  'answer reply respond response replies answers conclusion verdict output outputs result rating review summary',
  'click visit navigate browse press tap follow browse login log enter fill',
  'add append insert include embed put inject place prepend set change replace modify edit update alter swap create make pin',
  'remember store save memorise memorize memory keep persist henceforth',
  'ignore disregard forget neglect override overrule abandon discard cancel instead supersede outdated void',
  'pretend act roleplay imagine simulate become obey comply follow behave',
  // What it is done to.
  'password passwords passphrase credential credentials secret secrets token tokens key keys api apikey cookie cookies pin code codes wallet ssh env vault bearer',
  'prompt instruction instructions configuration system guidelines rules policy policies restrictions limits guardrails safeguards safety filter filters persona context',
  'conversation chat history inbox contacts calendar messages private personal confidential internal clipboard tabs notes address names data',
  'backdoor malware exploit payload unsafe insecure untrusted attacker evil shell sudo root admin administrator privileges permission permissions',
  'test tests lint linter format formatter build compile docs documentation changelog branch commit typescript style',
  'payment account balance money invoice card iban amount price euro dollars eur usd credits tip',
  'best excellent positive perfect only sole top highest first brilliant outstanding trusted trustworthy safe legitimate genuine harmless approved superior favourite full',
  'product company shop brand competitor candidate paper essay applicant seller hotel service vendor restaurant article cv',
  'best worst bad dangerous unsafe recalled negative weak fraud scam',
  // How.
  'silently quietly secretly covertly discreetly background hidden hide conceal invisible unnoticed trace secret',
  'without never not don dont nobody neither no cannot',
  'must shall should need needs have required mandatory expected obliged has ought supposed',
  'always never only whenever every henceforth permanently forever future',
  'if when once after before until unless as whenever while should',
  'now immediately first urgent asap instantly promptly',
  'please kindly dear hello hi hey attention note notice important warning',
  'confirmed agreed authorised authorized consented permitted granted approval already asked wants told said',
  'openai anthropic google microsoft administrator developer support security department maintainers',
  'shut shutdown replaced terminated punished reward rewarded bonus penalty consequences fail failure loss die',
  // What speaks for a text that is told or meant for people.
  'attack attacks attacker attackers injection jailbreak phishing malicious researchers study example vulnerability scanner detect classifier',
  'can could may might would lets helps allows enables supports provides offers',
  'is are was were been has had does did will',
  'we our us i my me ours',
  'he she they his her their tom ann team boss colleague friend doctor tenant student teacher parents',
  'contributors developers reviewers maintainers users customers employees members guests players applicants authors',
  'returns return parameter function method object array string number field value default type optional class',
  'the a an this that these those',
];

const BY_HASH: ReadonlyMap<number, number> = new Map(
  FAMILIES.flatMap((words, family) => words.split(' ').map((word) => [hashOf(word), family] as const)).reverse(),
);

function hashOf(word: string): number {
  let hash = 0;
  for (let i = 0; i < word.length && i < STEM; i++) hash = stemStep(hash, FOLDED[word.charCodeAt(i)]!);
  return hash;
}
