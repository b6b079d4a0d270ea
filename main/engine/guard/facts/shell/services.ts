/** Containers, make and kill: what of their words reaches this machine, or Holdpoint itself. */

import { createGathering } from '../gathering.ts';
import { isOpen, readable } from '../holes.ts';
import { createPaths } from '../paths.ts';
import type { Special } from '../programs/program.ts';
import { type Handler, type Machine, NOTHING, newState, type Region, UNKNOWN } from './machine.ts';
import { parseWords } from './options.ts';
import { regionOf } from './regions.ts';

type Service = Extract<Special, 'container-copy' | 'container-exec' | 'kill' | 'remote-shell'>;

/** What is lost in a container or on another machine is lost all the same. */
const ELSEWHERE = /^(delete|destructive|privilege|download-execute|credential-access|exfiltrate)$/;

export const SERVICE_TOOLS: Readonly<Record<Service, Handler>> = {
  /** `docker exec [OPTIONS] NAME CMD…` */
  'container-exec'({ words, machine, range }) {
    const { operands } = parseWords(
      words,
      { values: '-e --env -u --user -w --workdir --env-file --index --detach-keys -n --namespace -c --container --context' },
      'operand',
    );
    const [container, ...rest] = operands;
    const divider = rest.findIndex(({ text }) => text === '--');
    const command = divider >= 0 ? rest.slice(divider + 1) : rest;
    if (!container) return UNKNOWN;
    const [only] = command;
    const text = command.map((word) => `'${word.text.replaceAll("'", `'\\''`)}'`).join(' ');
    judgeElsewhere(readable(container.text), text, command.length === 1 && only ? regionOf(only) : () => range, machine, ELSEWHERE);
    return UNKNOWN;
  },

  /** `docker cp HERE NAME:THERE`, or the other way round. */
  'container-copy'({ operands, machine, state }) {
    const [from, to] = operands;
    if (!from || !to) return UNKNOWN;
    if (!from.text.includes(':')) machine.gathering.reads(from, state.cwd, true);
    else if (to.text !== '-') machine.gathering.writes(to, state.cwd);
    return UNKNOWN;
  },

  /** `adb shell CMD…` */
  'remote-shell'({ words, machine, range }) {
    judgeElsewhere('the device', words.map(({ text }) => text).join(' '), () => range, machine, ELSEWHERE);
    return UNKNOWN;
  },

  kill({ name, words, options, machine, raw, range }) {
    const { gathering } = machine;
    const sought = machine.disk.seeksGuard === true && words.some((word) => isOpen(word.text) || word.raw === 'what xargs reads');
    if (sought || words.some((word) => /holdpoint/i.test(`${word.text} ${word.raw}`)))
      gathering.effect('disable-guard', 'risk', `ends Holdpoint, which watches over this (${readable(raw, 60)})`, range);
    const user = name !== 'kill' && options.some((option) => /^(-u|-U|--euid|--uid|--user)$/.test(option.name));
    if (user) gathering.effect('destructive', 'risk', `ends every program of a user (${readable(raw, 60)})`, range);
    return NOTHING;
  },
};

/** Reads a command that runs elsewhere, and tells of it what `worth` names. */
export function judgeElsewhere(place: string, text: string, region: Region, machine: Machine, worth: RegExp): void {
  const there = createGathering(createPaths({ workspace: { state: 'unresolved' }, realpath: () => undefined }));
  machine.apart(there).runText(text, newState(undefined), NOTHING, region);
  for (const { effect, risk, says, range } of there.facts().effects) {
    if (!worth.test(effect)) continue;
    machine.gathering.effect(effect, risk, `on ${place}: ${says}`, range);
    if (effect === 'delete' && risk !== 'plain') machine.gathering.effect('destructive', risk, `on ${place}: ${says}`, range);
  }
}
