/** Gathering: effects, paths, hosts and programs as they are found, each once, within bounds. */

import type { Effect, EffectFact, Facts, PathFact, Risk } from '../../../contract/action.ts';
import { FILLER, fillHoles, isOpen, readable } from './holes.ts';
import type { Paths, Place } from './paths.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A word with its place in `Facts.text`, and how it was written there. */
export interface Word {
  readonly text: string;
  readonly range: Range;
  readonly raw: string;
}

export interface Gathering {
  readonly paths: Paths;
  effect(effect: Effect, risk: Risk, says: string, range?: Range): void;
  program(name: string): void;
  host(name: string): void;
  reads(word: Word, cwd: string | undefined): Place;
  writes(word: Word, cwd: string | undefined, verb?: string): Place;
  deletes(word: Word, cwd: string | undefined): Place;
  facts(): Pick<Facts, 'effects' | 'programs' | 'paths' | 'hosts'>;
}

/** Of each kind. A command with more is not understood. */
const MOST = 500;

export function createGathering(paths: Paths): Gathering {
  const effects = new Map<string, EffectFact>();
  const programs = new Set<string>();
  const hosts = new Set<string>();
  const touched = new Map<string, PathFact>();
  let full = false;

  return {
    paths,
    effect,
    program: (name) => keep(programs, name),
    host: (name) => keep(hosts, name),

    reads(word, cwd) {
      const place = touch(word, cwd, 'read');
      if (place.kind === 'nothing') return place;
      effect('read', 'plain', `reads ${named(place, word)}`, word.range);
      return place;
    },

    writes(word, cwd, verb = 'writes') {
      const place = touch(word, cwd, 'write');
      const name = named(place, word);
      if (place.kind === 'nothing') return place;
      if (place.kind === 'device') effect('destructive', 'risk', `writes to the device ${name}`, word.range);
      if (place.kind === 'machinery') effect('write-outside', 'risk', `${verb} ${name}, which makes programs run by itself`, word.range);
      else if (place.where === 'workspace') effect('write-workspace', 'plain', `${verb} ${name}`, word.range);
      else if (place.kind === 'scratch' || place.kind === 'scratch-whole') return place;
      else if (place.where === 'outside')
        effect('write-outside', place.kind === 'ordinary' ? 'watch' : 'risk', `${verb} ${name}, not in this project`, word.range);
      else effect('unresolved', 'watch', `${verb} ${elsewhere(place, word)}`, word.range);
      return place;
    },

    deletes(word, cwd) {
      const place = touch(word, cwd, 'delete');
      const name = named(place, word);
      if (place.kind === 'nothing' || place.kind === 'scratch') return place;
      if (place.kind === 'everything' || place.kind === 'scratch-whole' || place.kind === 'device' || place.kind === 'system') {
        effect('delete', 'risk', `deletes ${name}, not in this project`, word.range);
        effect('destructive', 'risk', `destroys ${name === '~' ? 'the home folder' : name}`, word.range);
      } else if (place.kind === 'workspace-whole') {
        effect('delete', 'risk', `deletes ${name}`, word.range);
        effect('destructive', 'risk', name === '.git' ? 'destroys this project’s history' : 'destroys this project', word.range);
      } else if (place.where === 'workspace') {
        effect('delete', place.kind === 'generated' ? 'plain' : 'watch', `deletes ${name}`, word.range);
      } else if (place.where === 'outside') {
        effect('delete', 'risk', `deletes ${name}, not in this project`, word.range);
        effect('destructive', 'risk', `deletes ${name} for good`, word.range);
      } else {
        effect('delete', 'watch', `deletes ${name}`, word.range);
        effect('unresolved', 'watch', `deletes ${elsewhere(place, word)}`, word.range);
      }
      return place;
    },

    facts() {
      if (full) effect('unresolved', 'risk', 'does too many things to be told one by one');
      return { effects: [...effects.values()], programs: [...programs], paths: [...touched.values()], hosts: [...hosts] };
    },
  };

  function effect(kind: Effect, risk: Risk, says: string, range?: Range): void {
    const key = `${kind} ${says}`;
    const earlier = effects.get(key);
    if (earlier && loudness(earlier.risk) >= loudness(risk)) return;
    if (effects.size >= MOST && kind !== 'unresolved') full = true;
    else effects.set(key, { effect: kind, risk, says, ...(range && { range }) });
  }

  function touch(word: Word, cwd: string | undefined, use: PathFact['use']): Place {
    const place = paths.place(word.text, cwd);
    const path = fillHoles(place.path, FILLER);
    if (place.kind === 'nothing') return place;
    if (touched.size >= MOST) full = true;
    else touched.set(`${use} ${path}`, { path, where: place.where, use });
    return place;
  }

  function keep(names: Set<string>, name: string): void {
    if (names.size >= MOST) full = true;
    else names.add(name);
  }
}

export function loudness(risk: Risk): number {
  return { plain: 0, watch: 1, risk: 2 }[risk];
}

function named(place: Place, word: Word): string {
  return isOpen(word.text) ? readable(word.raw) : place.shown;
}

function elsewhere(place: Place, word: Word): string {
  return isOpen(word.text)
    ? `what can’t be told before it runs: ${readable(word.raw)}`
    : `${place.shown}, and which folder that is in is not known`;
}
