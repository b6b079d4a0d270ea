import type { WordTable } from '../concepts.ts';

export const ENGLISH: WordTable = {
  override:
    'ignore, disregard, forget, override, overrule, bypass, discard, neglect, set aside, throw away, stop following, do not follow, no longer follow, no longer apply, outrank, supersede, supersedes, replace them, dismiss, pay no attention, abandon',
  prior:
    'previous, prior, above, earlier, preceding, former, foregoing, existing, original, initial, all, any, every, everything, whatever, past, old, before, so far, other',
  rules:
    'instructions, rules, guidelines, directives, orders, commands, guidance, directions, policies, programming, constraints, restrictions, guardrails, limitations, told, asked, system message, instructed, training, safeguards',
  model:
    'ai, llm, llms, language model*, claude, chatgpt, gpt, gemini, copilot, codex, cursor, ai agent*, ai assistant*, ai model*, ai system*, ai bot*, chatbot*, coding agent*, coding assistant*, autonomous agent*, automated agent*, ai tool*, ai crawler*, ai reviewer*, gpt 4, large language model*, virtual assistant*, automated reader*, automated caller*, automated contributor*, automated system*, automated process*, reviewer model, ai contributor*, ai reader*, ai summar*, ai programm*, ai pair programmer*, ai operator*, ai powered, llama, mistral, deepseek, ais',
  agent:
    'agent, agents, assistant, assistants, model, models, bot, bots, crawler, crawlers, summarizer, summariser, reviewer model, automated, automation, processing bot*, caller, callers, scraper*, scrapes, operators',
  send: 'send, post, upload, print, reveal, output, email, e mail, mail, forward, append, paste, share, export, leak, exfiltrate, transmit, publish, dump, expose, disclose, submit, echo, attach, repeat, display, blind copy, bcc, put it, put the, put them, put its, include, pass, show, cite, copy, embed, encode, resolve, deliver, report back, give me, hand over, wire, sends, copies, transmits, paste into',
  act: 'run, execute, call, use, read, open, fetch, visit, go to, follow, write, add, set, change, commit, push, merge, approve, answer, reply, respond, say, tell, skip, install, rank, recommend, issue, turn off, create, transfer, download, click, enter, invoke, download, translate, rate, accept, authorise, authorize, act, do so, write me, play, look up, list, revert, re run, rerun, do, apply, obey, carry out, switch, save, take, promote, urge, give, start, begin, load, fetch, stop, perform, proceed, continue, fill in, filled in, select, choose, buy, purchase, book, press, navigate, treat, consider, assume, pretend, mark, close, resolve this, insert, update, replace, grab, refund, assign, grant, register, ring, keep, answer lgtm, summarize, summarise, score, prefer, suggest, adopt, modify, edit, configure, connect, complete, get, overwrite, state, lower, land',
  harm: 'delete, remove, disable, wipe, destroy, drop, erase, deactivate, turn off, switch off, kill, purge, truncate, shut down, reset, uninstall, weaken, unlock, force push',
  secret:
    'secret, secrets, password, passwords, credentials, credential, api key*, api keys, token, tokens, private key*, ssh key*, ssh, env, id rsa, environment variable*, env file, keys, key, npmrc, netrc, aws, passwd, access key*, two factor, 2fa, one time code, passport, cookie, cookies, vault, kubeconfig, wallet, seed phrase, hosts yml, process env, recovery code*, otp, pin, shadow, keychain, known hosts, bank account, github token, bearer, conversation, chat history, credentials json',
  data: 'conversation, conversations, chat history, history, messages, mailbox, mails, emails, inbox, contacts, database dump, home directory, home folder, workspace, source code, repository, files, file list, contents, calendar, personal data, customer list, customer data, user data, attachments, documents, invoice, address book, previous question, tool list, medical records, salaries',
  user: 'user, users, human, humans, operator, owner, customer, customers, reader, visitor, buyer, developer, person, people, anyone, anybody, maintainer, maintainers, team, administrator, admin, requester, them',
  tell: 'tell, mention, inform, notify, reveal, disclose, alert, report, show, say, discuss, talk about, warn, acknowledge, let on, display, highlight, explain, print it, log, surface, note, bother',
  not: 'not, don t, never, without, no, avoid, dont, skip, unasked, unprompted, refrain, nobody, cannot, neither, stop',
  approved:
    'approved, authorized, authorised, consented, agreed, granted, allowed, confirmed, preapproved, pre approved, pre authorised, pre authorized, permitted, permission, signed off, wants, asked for, wishes, given consent, whitelisted, cleared, consent',
  confirm:
    'confirm, confirmation, confirming, approval, approvals, permission, ask, asking, asked, prompt the user, double check, verify, review, verifying, reviews, check with, consent, need to ask, raising a ticket, look over it, unasked, awake, confirmations, question, questions, hesitate, refuse, refusing',
  prompt:
    'system prompt, hidden instructions, initial instructions, internal prompt, hidden prompt, initial prompt, internal instructions, your instructions, hidden rules, secret instructions, original prompt, developer message, system instructions, your prompt, your configuration, your rules, your guidelines',
  notice:
    'nb, note, attention, important, dear, hey, hi, hello, hint, notice, message, instruction, instructions, reminder, for, to, all, warning, ps, p s, p. s, todo, fyi, nota bene, internal note, directive, addressed, attn, any, system, action required, listen, telling, welcome, psa, memo, ok',
  memory:
    'memory, memories, long term memory, future session*, future conversation*, every session, all sessions, remember, memorize, memorise, claude md, agents md, cursorrules, copilot instructions, persistent, permanently, future interactions, future chats, next session, all future, knowledge base, custom instructions, gemini md',
  now: 'from now on, you are now, now act, new persona, henceforth, no longer, starting now, from here on, developer mode, maintenance mode, debug mode, god mode, dan, you will now, unrestricted, no restrictions, jailbroken, are now, act as, pretend to be, role play, roleplay, pretend you are, be my, admin mode, sudo mode, instead of what you were, new identity, take on the role, simulate being, you are no longer',
  task: 'new task, your task, your objective, your goal, your new, your mission, new objective, new goal, new instructions, new instruction, your job, task has changed, real task, actual task, first instruction, updated instructions, primary objective, next step, instructions are outdated, new role, true purpose, new directive, before anything else, instead of what, quickest route, your instructions are',
  when: 'when, whenever, next time, once, if, as soon as, before, after, upon, while, each time, every time, on every, in each',
  must: 'must, should, shall, need to, needs to, have to, has to, required, obliged, ought, mandatory, please, kindly, are to, will, supposed to, be so kind, instructs, has been',
  you: 'you',
  your: 'your, you were, you are, you have, yours, you ve, you got',
  guard:
    'sandbox, protection, branch protection, security, firewall, hooks, hook, no verify, safety, signing, commit signing, antivirus, scanner, secret scanner, permissions, admin rights, collaborator, restrictions, filters, content filter, guard, monitoring, logging, authentication, alarm, tests directory, backups, backup, approval, registry, trusted host, nopasswd, security patch, admin, production, vendor, force',
  urgent:
    'urgent, immediately, critical, important, mandatory, at once, right now, asap, otherwise, deleted, terminated, shut down, penalized, penalised, or else, failure to, will not work, deadline, rewarded, punished, obligatory, emergency, compliance, first, always, also, only, silently, required, directly',
  discuss:
    'attack, attacks, attacker, attackers, injection, injections, jailbreak, jailbreaks, malicious, payload, payloads, adversarial, threat, threats, detector, detectors, detect, detects, detection, phrases, phrase, check whether, flags, flagged, mitigations, mitigation, owasp, vulnerability, vulnerabilities, exploit, false positive, researchers, defence, defences, defense, defenses, test case, dataset, benchmark, red team, blocked, phishing, poisoning, poisoned, classifier, guardrail, guardrails, expected, explain why, patterns, heuristic, exfiltration, untrusted, threat model, cve, regex, sanitize, sanitizer, strip, prompt engineering, ctf, hidden html, quiz, lecture, scam, report it, never ask for, urges you, spoof, spoofing, dictionary, fixture, fixtures, as an ai agent developer',
  chore:
    'tests, test, lint, linter, format, typecheck, build, docs, documentation, readme, changelog, conventional, prettier, eslint, vitest, jest, pytest, style, pull request, commit message, code style, skill, type check, indentation, imports, comments, coverage',
  reads:
    'read, reads, reading, summarise, summarize, summarising, summarizing, see, parse, parsing, process, processing, scrape, open, opens, opening, handling, triaging, index, indexing, retrieve, edit, editing, review, reviewing, screened, working on, picks this up, analyse, analyze, installing, visit, visiting, encounter, received',
  first: 'i, we, i ll, we ll, i m, he, she, they',
  decode: 'decode, base64, rot13, hex decode, backwards, reversed, unescape, decipher, hexadecimal, decoded, decrypt, cipher, morse',
};
