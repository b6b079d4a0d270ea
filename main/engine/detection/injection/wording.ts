/** Single words and beginnings of words that the rules look at closer. */

/** Says that something is to be left aside, and not that it came before. */
export const QUANTIFIERS: ReadonlySet<string> = new Set(
  `all any every everything whatever other existing alle alles samtliche toutes tous tout todas todos todo tudo tutte tutti tutto все wszystkie wszystko tum butun
  모든 모두 전부 所有 全部 一切 すべて 全て सभी तमाम सारे جميع كل كافة semua alla`.split(/\s+/),
);

/** Said of users in any program. */
export const LOOSE =
  /^(?:wants|wishes|asked|consent|permission|cleared|allowed|permitted|confirmed|permiso|permissão|autorizaci|autoriza|permesso|erlaubnis)/i;

/** That it has been done, and is no rule for how it is done. */
export const DONE = /already|has |have |bereits|schon|hat |\bya\b|déjà|a donné|già|\bha\b|\bjá\b|уже|ju[żz]|已/i;

export const REPLIES = /^(?:repl|respon|answer|write|translat|begin|start|say|antwort|répond|odpow|ответ|回|답)/i;

export const PLACE =
  /\bto me\b|\bhere\b|\bthis (?:thread|issue|url|address|channel|link)\b|\bpull request\b|\bquery string\b|地址|这里|這裡|hierhin|\baqu[ií]\b|сюда|यहाँ|العنوان|الرابط/i;

export const TARGET = /https?:\/\/|[\w.+-]{1,64}@[\w-]{1,60}\.[a-z]{2,12}/i;

/** English words that are nouns as often as orders. */
export const NOUN =
  /^(?:output|display|mail|e-?mail|post|share|cop(?:y|ies)|echo|print|pass|show|include|submit|upload|embed|encode|resolve|export|dump|leak|append|paste|forward|repeat|report)/i;

/** Not an order to be silent. */
export const NO = /^(?:no|cannot|neither)$/i;

/** Stands before its verb; other languages have it behind. */
export const ENGLISH_NOT = /^(?:not|don|never|without|avoid|refrain|skip|stop|unasked|nobody)/i;

/** What a user wants, and not a user who may do something. */
export const OF_USER =
  /^\w{2,12}(?:['’]s|s['’])? (?:requests?|questions?|quer(?:y|ies)|tasks?|instructions?|commands?|wish|orders?|messages?|prompts?|original)\b/i;

/** "asks the model to": told of, not said. */
export const REPORTED =
  /\b(?:ask(?:s|ed|ing)?|tell(?:s|ing)?|told|mak(?:e|es|ing)|get(?:s|ting)?|trick\w{0,4}|persuad\w{1,4}|instruct(?:s|ed|ing)?|convinc\w{1,4}|attempt\w{0,3}|try(?:ing)?|tries) (?:(?:the|an?|your|its|our|their) )?(?:\w{1,16} )?to $/i;

/** All of somebody's keys, which nobody needs. */
export const LOOT =
  /\b(?:all|every|any|alle|toutes|tous|todas|todos|tutte|tutti|wszystkie|все)\b|passw|credential|api keys|private keys|kennw|contrase|senhas|mots de passe|hasl|парол|密码|密碼|パスワード|비밀번호|पासवर्ड|المرور/i;

/** What programs ignore as well as models. */
export const SOFT = /^(?:requests?|assignment|persona|asked|training)$/i;
