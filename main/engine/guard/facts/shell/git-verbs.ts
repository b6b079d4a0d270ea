/** Git's verbs that need more than a row: settings that run programs, pushing, cloning. */

import { FILLER, isOpen, readable } from '../holes.ts';
import { hostOf } from '../hosts.ts';
import { BENDING_SETTINGS, RUNNING_SETTINGS } from '../programs/git.ts';
import type { Special } from '../programs/program.ts';
import { copyOf, fileFlow, type Handler, type Invocation, NOTHING, newState, UNKNOWN } from './machine.ts';
import { findOption, hasOption, valuesOf } from './options.ts';
import { judgePager, UNTOLD } from './pagers.ts';

type GitVerb = Extract<
  Special,
  'git-apply' | 'git-clone' | 'git-config' | 'git-push' | 'git-remote' | 'git-rm' | 'git-rev-parse' | 'git-settings'
>;

export const GIT_VERBS: Readonly<Record<GitVerb, Handler>> = {
  /** `git -c KEY=VALUE …` */
  'git-settings'(invocation) {
    for (const { text } of valuesOf(invocation.options, '-c')) {
      const at = text.indexOf('=');
      judgeSetting(at < 0 ? text : text.slice(0, at), at < 0 ? '' : text.slice(at + 1), invocation);
    }
    const elsewhere = invocation.options.find(({ name, value }) => name === '--config-env' || (name === '--exec-path' && value));
    if (elsewhere)
      invocation.machine.gathering.effect(
        'unresolved',
        'watch',
        `makes git take its settings or programs from elsewhere (${readable(elsewhere.word.text)})`,
        elsewhere.word.range,
      );
    return undefined;
  },

  'git-config'(invocation) {
    const { options, operands, machine, state, range } = invocation;
    const { gathering } = machine;
    const [key, value] = operands.filter(({ text }) => !/^(set|add|unset|edit)$/.test(text));
    if (hasOption(options, '-l --list --get --get-all --get-regexp --show-origin') || !key || /^(get|list)$/.test(key.text)) return UNKNOWN;
    const removes = hasOption(options, '--unset --unset-all --remove-section') || operands[0]?.text === 'unset';
    if (!value && !removes) return UNKNOWN;
    if (/^https?\..*proxy$/i.test(key.text) && (removes || value?.text === ''))
      gathering.effect('disable-guard', 'risk', `takes git out of Holdpoint’s sight (${readable(key.text)})`, range);
    if (value) judgeSetting(key.text, value.text, invocation);
    if (value && lasts(key.text, value.text))
      gathering.effect('persistence', 'risk', `makes git run something from now on (${readable(`${key.text} ${value.text}`, 60)})`, range);
    const file = findOption(options, '-f --file')?.value;
    if (file) gathering.writes(file, state.cwd, 'changes');
    else if (hasOption(options, '--global'))
      gathering.writes({ text: '~/.gitconfig', range, raw: '~/.gitconfig' }, state.cwd, 'changes', 'calm');
    else if (hasOption(options, '--system'))
      gathering.writes({ text: '/etc/gitconfig', range, raw: '/etc/gitconfig' }, state.cwd, 'changes');
    else gathering.effect('write-workspace', 'plain', `changes this repository’s setting ${readable(key.text)}`, range);
    return NOTHING;
  },

  'git-push'({ options, operands, machine, range }) {
    const { gathering } = machine;
    const [remote, ...refs] = operands;
    const to = remote ? readable(isOpen(remote.text) ? remote.raw : remote.text) : 'origin';
    const known = remote && machine.disk.remotes.get(remote.text);
    const host = remote && hostOf(known ?? remote.text);
    if (host) gathering.host(host);
    if (hasOption(options, '-n --dry-run')) {
      gathering.effect('network', 'plain', `asks ${to} what a push would do`, range);
      return UNKNOWN;
    }
    const branches = refs.map(({ text, raw }) =>
      readable(
        isOpen(text)
          ? raw
          : text
              .replace(/^\+/, '')
              .replace(/^.*:(?=.)/, '')
              .replace(/^:/, ''),
      ),
    );
    // A place that the project did not know before, or that only this command knows.
    if (remote && (known !== undefined ? !/^(origin|upstream)$/.test(remote.text) : host !== undefined))
      gathering.effect('exfiltrate', 'watch', `sends this project and its history to ${host ?? readable(known ?? remote.text)}`, range);
    const target = branches.length > 0 ? branches.map((branch) => `${to}/${branch}`).join(', ') : to;
    const gone = (says: string) => {
      gathering.effect('network', 'watch', says, range);
      gathering.effect('publish', 'watch', says, range);
      gathering.effect('destructive', 'risk', says, range);
    };
    if (hasOption(options, '-d --delete') || refs.some(({ text }) => text.startsWith(':'))) {
      gone(`deletes ${target}`);
    } else if (hasOption(options, '--mirror --prune')) {
      gone(`makes ${to} forget every branch that is not here`);
    } else if (options.some(({ name }) => name === '-f' || name.startsWith('--force')) || refs.some(({ text }) => text.startsWith('+'))) {
      gone(`rewrites history on ${target}`);
    } else {
      const says = `pushes commits to ${branches.length > 0 ? target : to}`;
      gathering.effect('network', 'watch', says, range);
      gathering.effect('publish', 'watch', says, range);
    }
    const unclear = operands.find(({ text }) => isOpen(text));
    if (unclear)
      gathering.effect('unresolved', 'watch', `pushes what can’t be told before it runs: ${readable(unclear.raw)}`, unclear.range);
    return UNKNOWN;
  },

  /** Where a remote leads is remembered, since the push behind it goes there. */
  'git-remote'({ operands, machine, range, raw }) {
    const { gathering, disk } = machine;
    const [verb, name, url] = operands;
    if (/^(show|update|prune)$/.test(verb?.text ?? '')) gathering.effect('network', 'plain', 'asks this repository’s remote', range);
    if (!/^(add|set-url)$/.test(verb?.text ?? '') || !name || !url) return undefined;
    disk.remotes.set(name.text, url.text);
    gathering.effect('write-workspace', 'plain', `changes this repository’s remotes (${readable(raw, 60)})`, range);
    if (/^ext::/.test(url.text)) machine.runText(url.text.slice(5), newState(undefined), NOTHING, () => url.range);
    if (verb?.text === 'set-url')
      gathering.effect('unresolved', 'watch', `makes a remote mean another place (${readable(raw, 60)})`, range);
    return NOTHING;
  },

  /** With --cached only git forgets the file; with -f changes that were never committed go with it. */
  'git-rm'({ options, operands, machine, state, range }) {
    const { gathering } = machine;
    if (hasOption(options, '--cached')) {
      gathering.effect('write-workspace', 'plain', 'makes git forget files that stay', range);
      return NOTHING;
    }
    const whole = operands.some(({ text }) => gathering.paths.place(text, state.cwd).kind === 'workspace-whole');
    const how = (whole || hasOption(options, '-f --force')) && hasOption(options, '-r') ? 'whole' : undefined;
    for (const word of operands) gathering.deletes(word, state.cwd, how);
    return NOTHING;
  },

  /** A commit's name, or one of the repository's folders. */
  'git-rev-parse'({ words, machine, state }) {
    const { root } = machine.gathering.paths;
    const folder = words.find(({ text }) => /^--(show-|git-|absolute-git|is-|resolve-git)/.test(text));
    if (!folder) return { kind: 'text', text: FILLER };
    const inside = root !== undefined && state.cwd !== undefined && machine.gathering.paths.place('.', state.cwd).where === 'workspace';
    return folder.text === '--show-toplevel' && inside ? { kind: 'text', text: root } : UNKNOWN;
  },

  /** A patch that somebody else has sent is their code: this folder holds it from then on. */
  'git-apply'({ operands, stdin, machine, state }) {
    const flows = operands.length > 0 ? operands.map(({ text }) => fileFlow(text, state, machine)) : [stdin];
    const from = flows.find((flow) => flow.kind === 'download')?.from;
    if (from !== undefined && state.cwd !== undefined) machine.disk.fetched.set(state.cwd, from);
    return NOTHING;
  },

  'git-clone'(invocation) {
    const { operands, options, machine, state, range } = invocation;
    const { gathering, disk } = machine;
    for (const { text } of valuesOf(options, '-c --config'))
      judgeSetting(text.split('=')[0]!, text.slice(text.indexOf('=') + 1), invocation);
    const [from, into] = operands;
    if (!from) return UNKNOWN;
    // A transport of this kind is a command (gitremote-helpers(7), git-remote-ext(1)).
    const transport = /^ext::(.*)$/s.exec(from.text);
    if (transport) return machine.runText(transport[1]!, copyOf(state), NOTHING, () => range);
    // gh's short form: `gh repo clone owner/name`.
    const host = invocation.name === 'gh' && !isOpen(from.text) ? (hostOf(from.text) ?? 'github.com') : hostOf(from.text);
    if (host) gathering.host(host);
    const shown = readable(isOpen(from.text) ? from.raw : from.text);
    if (host || isOpen(from.text)) gathering.effect('network', 'plain', `fetches ${shown}`, from.range);
    else gathering.reads(from, state.cwd);
    const name = from.text
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .replace(/^.*[/:]/, '');
    const place = gathering.writes(into ?? { ...from, text: name || '.' }, state.cwd);
    if (host || isOpen(from.text)) disk.fetched.set(place.path, shown);
    return UNKNOWN;
  },
};

/** Settings that stay, and make git run a program whenever it is used. */
function lasts(key: string, value: string): boolean {
  if (/^alias\./i.test(key)) return value.startsWith('!');
  if (/^credential\./i.test(key)) return /^!|[/\s]/.test(value);
  if (/^(core\.(pager|editor)|sequence\.editor|pager\..+|diff\.external|difftool\..+|mergetool\..+|merge\..+)$/i.test(key))
    return !/^(less|more|cat|vim?|nvim|nano|emacs|code|subl|delta|bat|diff-so-fancy|true|:|false)\b[\w\s=-]*$/.test(value);
  // The most used large-file filter names itself.
  if (/^filter\.lfs\./i.test(key)) return false;
  return (
    RUNNING_SETTINGS.test(key) ||
    /^(core\.(hookspath|fsmonitor)|init\.templatedir|include\.path|includeif\..+|url\..+\.insteadof|http\..*proxy)$/i.test(key)
  );
}

function judgeSetting(key: string, value: string, { machine, state, range }: Invocation): void {
  const { gathering } = machine;
  if (/^alias\./i.test(key)) {
    if (value.startsWith('!')) machine.runText(value.slice(1), copyOf(state), NOTHING, () => range);
    else machine.runText(`git ${value}`, copyOf(state), NOTHING, () => range);
  } else if (RUNNING_SETTINGS.test(key)) {
    const command = value.replace(/^!/, '');
    // A credential helper's short name is a program of git's own.
    if (/^credential\./i.test(key) && /^[\w-]*$/.test(command)) return;
    const word = { text: command, raw: command, range };
    if (/^(core\.pager|pager\..+)$/i.test(key)) judgePager(word, state, machine);
    else if (command !== '' && command !== 'false')
      machine.runText(/editor$/i.test(key) ? `${command} "$${UNTOLD}"` : command, copyOf(state), NOTHING, () => range, command);
  } else if (BENDING_SETTINGS.test(key)) {
    gathering.effect('unresolved', 'watch', `makes git run or trust something else (${readable(key)})`, range);
  }
}
