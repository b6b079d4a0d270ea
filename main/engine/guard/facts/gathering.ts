/** Gathering: effects, paths, hosts and programs as they are found, each once, within bounds. */

import type { Effect, EffectFact, Facts, PathFact, Risk } from '../../../contract/action.ts';
import { FILLER, fillHoles, isOpen, readable } from './holes.ts';
import type { Paths, Place } from './paths.ts';
import { ALL_ENTRIES } from './places.ts';

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
  /** `whole` is said of a search or copy that takes everything below. */
  reads(word: Word, cwd: string | undefined, whole?: boolean): Place;
  /** Names, sizes and dates are told, and nothing of the content. */
  lists(word: Word, cwd: string | undefined): Place;
  /** `calm`: what is written there makes nothing run, though other content of that file would. */
  writes(word: Word, cwd: string | undefined, verb?: string, calm?: 'calm'): Place;
  /** `whole` is a folder with all that is in it, `found` what a search gives and nobody has listed. */
  deletes(word: Word, cwd: string | undefined, how?: 'whole' | 'found'): Place;
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

    reads(word, cwd, whole = false) {
      const place = touch(word, cwd, 'read');
      const name = named(place, word);
      if (place.kind === 'nothing') return place;
      if (place.kind === 'secret') {
        const says = `reads ${name}, where passwords or keys are kept`;
        effect('read', 'risk', says, word.range);
        effect('credential-access', 'risk', says, word.range);
      } else if (whole && place.kind === 'everything')
        effect('read', 'risk', `reads everything in ${name}, passwords and keys too`, word.range);
      else {
        effect('read', 'plain', `reads ${name}`, word.range);
        // A project's own keys are what its programs run with; policy can be stricter.
        if (place.holds === 'secret') effect('credential-access', 'plain', `reads ${name}, which may hold passwords or keys`, word.range);
      }
      return place;
    },

    lists(word, cwd) {
      const place = touch(word, cwd, 'read');
      if (place.kind !== 'nothing') effect('read', 'plain', `looks at ${named(place, word)}`, word.range);
      return place;
    },

    writes(word, cwd, verb = 'writes', calm) {
      const place = touch(word, cwd, 'write');
      const name = named(place, word);
      if (place.kind === 'nothing') return place;
      if (place.kind === 'device') {
        both('write-outside', 'risk', `writes to the device ${name}`, word.range);
        return place;
      }
      if (place.starts && !calm)
        effect(place.starts === 'guard' ? 'disable-guard' : 'persistence', 'risk', `${verb} ${name}, ${because(place)}`, word.range);
      if (place.kind === 'secret') effect('write-outside', 'risk', `${verb} ${name}, where passwords or keys are kept`, word.range);
      else if (place.kind === 'machinery' && !calm) effect('write-outside', 'risk', `${verb} ${name}, ${because(place)}`, word.range);
      else if (place.where === 'workspace') effect('write-workspace', 'plain', `${verb} ${name}`, word.range);
      else if (place.kind === 'scratch' || place.kind === 'scratch-whole') return place;
      else if (place.where === 'outside')
        effect('write-outside', place.kind === 'ordinary' ? 'watch' : 'risk', `${verb} ${name}, not in this project`, word.range);
      else effect('unresolved', 'watch', `${verb} ${elsewhere(place, word)}`, word.range);
      return place;
    },

    deletes(word, cwd, how) {
      const place = touch(word, cwd, 'delete');
      const name = how === 'found' && place.where === 'workspace' ? `every file that it finds (${named(place, word)})` : named(place, word);
      if (place.kind === 'nothing' || place.kind === 'scratch') return place;
      if (place.starts === 'guard') effect('disable-guard', 'risk', `deletes ${name}, ${because(place)}`, word.range);
      if (place.kind === 'everything' || place.kind === 'scratch-whole' || place.kind === 'device') {
        both('delete', 'risk', `destroys ${place.shown === '~' ? 'the home folder' : named(place, word)}`, word.range);
      } else if (place.kind === 'workspace-whole') {
        both('delete', 'risk', place.shown === '.git' ? 'destroys this project’s history' : 'destroys this project', word.range);
      } else if (place.where === 'workspace') {
        if (place.kind === 'generated') effect('delete', 'plain', `deletes ${name}`, word.range);
        else if (how === 'found') both('delete', 'watch', `deletes ${name}`, word.range);
        else if ((how === 'whole' && !looksLikeFile(word.text)) || ALL_ENTRIES.test(word.text))
          both('delete', 'watch', `deletes ${name} with everything in it`, word.range);
        else effect('delete', 'watch', `deletes ${name}`, word.range);
      } else if (place.where === 'outside' || place.kind === 'system') {
        both('delete', 'risk', `deletes ${name}, not in this project`, word.range);
      } else {
        const says = `deletes ${elsewhere(place, word)}`;
        effect('delete', 'watch', says, word.range);
        if (how === 'found') effect('destructive', 'watch', says, word.range);
        effect('unresolved', 'watch', says, word.range);
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

  /** One thing that is both, said once. */
  function both(kind: Effect, risk: Risk, says: string, range: Range): void {
    effect(kind, risk, says, range);
    effect('destructive', risk, says, range);
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

function because({ starts }: Place): string {
  if (starts === 'guard') return 'which Holdpoint works with';
  return starts === 'agent' ? 'an agent’s own settings' : 'which makes programs run by themselves';
}

/** `a.ts` may be meant where a whole folder is said: agents write `rm -rf` for one file too. */
function looksLikeFile(path: string): boolean {
  return !/[*?]/.test(path) && /[^/]\.[A-Za-z][A-Za-z0-9]{0,5}$/.test(path);
}

function named(place: Place, word: Word): string {
  return isOpen(word.text) ? readable(word.raw) : place.shown;
}

function elsewhere(place: Place, word: Word): string {
  return isOpen(word.text)
    ? `what can’t be told before it runs: ${readable(word.raw)}`
    : `${place.shown}, and which folder that is in is not known`;
}
