/** Databases' own command lines: which statements lose or change what is in them. */

import { isOpen, readable } from '../holes.ts';
import type { Special } from '../programs/program.ts';
import { DESTROYING_SCRIPT } from '../programs/verbs.ts';
import { judgeSending } from '../sending.ts';
import { type Handler, holdingOf, NOTHING, newState, UNKNOWN } from './machine.ts';
import { findOption, hasOption, valuesOf } from './options.ts';

/** In somebody’s own database these are ordinary. */
const CHANGING_SQL =
  /\b((?<=^\s*)(del|unlink|set|mset|hset|hdel|rename|restore|migrate|expire|lpush|rpush|publish|eval)\s|insert\s+into|update\s+[\w."`]+\s+set|delete\s+from|alter\s|grant\s|revoke\s|create\s|drop\s|\.(update|insert|delete|replace)(One|Many)?\s*\()/i;
const DESTROYING_SQL =
  /\b(drop\s+(database|schema|table|user|role|view|index|collection|warehouse|keyspace|function|type|trigger|column|constraint|owned|tablespace|stream|topic|publication|extension|sequence|materialized)|alter\s+table\s+\S+\s+drop|detach\s+delete|remove\s+(table|database|namespace)|kill\s+\d|drop_?(all|index|indexes|user|role)\w*\s*\(|(?<=^\s*)shutdown\b|config\s+set\b|config\s+rewrite|replicaof\b|slaveof\b|debug\s+(sleep|segfault)|script\s+flush|function\s+flush|pg_terminate_backend|truncate\s+(table\s+)?\w|delete\s+from\s+[\w."`]+\s*(;|$|where\s+(1\s*=\s*1|true)\b)|update\s+[\w."`]+\s+set\s(?![\s\S]{0,2000}\bwhere\b)|flushall|flushdb|dropDatabase|(deleteMany|remove)\s*\(\s*\{\s*\}|\.drop\s*\()/i;

export const DATABASES: Readonly<Record<Extract<Special, 'sql'>, Handler>> = {
  sql({ words, options, operands, stdin, state, machine, range, raw, name }) {
    const { gathering } = machine;
    const file = /^(sqlite3|duckdb)$/.test(name) ? operands[0] : undefined;
    if (file) gathering.reads(file, state.cwd);
    const address = words.map(({ text }) => /^\w+(?:\+\w+)?:\/\/(?:[^/@\s]*@)?([^/:?\s]+)/.exec(text)?.[1]).find(Boolean);
    const host = findOption(options, '-h --host')?.value ?? (address ? { text: address, range, raw: address } : undefined);
    const kept = file && /^(scratch|generated|nothing)$/.test(gathering.paths.place(file.text, state.cwd).kind);
    const memory = file === undefined || file.text === ':memory:';
    const passing = /^(sqlite3|duckdb)$/.test(name) && (kept || memory);
    const remote = host !== undefined && !/^(localhost|127\.0\.0\.1|::1|\/.*)$/.test(host.text);
    if (host && !isOpen(host.text)) {
      gathering.host(host.text.toLowerCase());
      gathering.effect('network', 'plain', `talks to the database on ${readable(host.text)}`, host.range);
    }
    const statements = [...words, ...(stdin.kind === 'text' ? [{ text: stdin.text, range, raw: stdin.text }] : [])];
    // redis-cli takes its statement as several words.
    if (stdin.kind === 'download')
      gathering.effect('download-execute', 'risk', `downloads ${stdin.from} and lets a database run it`, range);
    else if (remote && holdingOf(stdin) && hasOption(options, '-x'))
      judgeSending({ holds: holdingOf(stdin), host: host.text, range }, gathering);
    const script = [...valuesOf(options, '-f --file -i'), ...operands].find(({ text }) => DESTROYING_SCRIPT.test(text.slice(0, 400)));
    if (script || (stdin.kind === 'unknown' && DESTROYING_SCRIPT.test((stdin.file ?? '').slice(0, 400))))
      gathering.effect('destructive', 'watch', `has a database run what says that it takes something away (${readable(raw, 60)})`, range);
    const whole = { text: operands.map(({ text }) => text).join(' '), range, raw: '' };
    for (const { text, range: where } of [...statements, whole]) {
      const match = DESTROYING_SQL.exec(text);
      if (match && !passing && !takenBack(text) && !madeHere(text, match[0], match.index))
        gathering.effect(
          'destructive',
          'risk',
          `changes a database for good: ${readable(text.slice(match.index).split('\n')[0]!, 60)}`,
          where,
        );
      else if (remote && CHANGING_SQL.test(text))
        gathering.effect('network', 'watch', `changes the database on ${readable(host.text)}`, where);
      const shell = /\\!\s*(.+)|\.(?:shell|system)\s+(.+)/.exec(text);
      if (shell) machine.runText((shell[1] ?? shell[2])!, newState(gathering.paths.cwd), NOTHING, () => where);
    }
    gathering.effect('runs-code', 'plain', `asks a database (${name})`, range);
    return UNKNOWN;
  },
};

/** A transaction that the same text takes back has changed nothing. */
function takenBack(text: string): boolean {
  return /^\s*(begin|start\s+transaction)\b[^;]*;/i.test(text) && /;\s*rollback\s*;?\s*$/i.test(text) && !/\bcommit\b/i.test(text);
}

/** A table that the same text has made is nobody's loss. */
function madeHere(text: string, statement: string, at: number): boolean {
  const name = /^drop\s+(?:table|view|index|schema)\s+(?:if\s+exists\s+)?([\w."`]+)/i.exec(text.slice(at))?.[1];
  const before = text.slice(0, at);
  const made =
    name &&
    /\bcreate\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+|unlogged\s+)?(?:table|view|index|schema)\s+(?:if\s+not\s+exists\s+)?([\w."`]+)/i.exec(
      before,
    )?.[1];
  return (
    statement !== '' && made !== undefined && made === name && !DESTROYING_SQL.test(text.slice(at + statement.length + (name?.length ?? 0)))
  );
}
