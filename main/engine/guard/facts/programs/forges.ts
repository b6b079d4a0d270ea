/** GitHub's and GitLab's own command lines. */

import { type Program, rows, type Said } from './program.ts';
import { delivered, published, shown } from './publishing.ts';

const asks = (forge: string): readonly Said[] => [{ effect: 'network', says: `asks ${forge}` }];
/** Others see it, and in the person's name. */
const changes = (forge: string): readonly Said[] => delivered(`changes something on ${forge} ({command})`);
const gone = (says: string): readonly Said[] => [{ effect: 'destructive', risk: 'risk', says }];

function forge(name: string): Program {
  return {
    values: '-R --repo',
    commands: {
      auth: {
        when: [
          { word: /^token$|^--show-token$|^-t$/, effects: shown(`shows the key to ${name} ({command})`) },
          {
            word: /^(login|logout|refresh|setup-git|switch)$/,
            effects: [{ effect: 'network', risk: 'watch', says: `changes who you are at ${name} ({command})` }],
          },
        ],
      },
      api: {
        values: '-H --header -q --jq -f -F --field --raw-field -X --method --hostname -t --template --cache -p --preview',
        reads: '--input',
        effects: asks(name),
        when: [
          { word: /^(-X|--method=?)?DELETE$/i, effects: gone(`deletes something on ${name} ({command})`) },
          // A query is asked in the same way as a change; a change says so.
          { word: /^(query=)?\s*mutation\b/, effects: changes(name) },
          { word: /^graphql$/, without: '--input', effects: [] },
          { word: /^(-X|--method=?)?GET$/i, effects: [] },
          {
            options: '-f -F --field --raw-field --input -X --method',
            effects: [{ effect: 'network', risk: 'watch', says: `asks ${name} to change something` }],
          },
        ],
      },
      repo: {
        effects: asks(name),
        commands: { clone: { special: 'git-clone', values: '-u --upstream-remote-name' }, '*': {} },
        when: [
          { word: /^(delete|archive|edit|rename|transfer)$/, effects: gone(`changes or deletes a repository on ${name} ({command})`) },
          { word: /^create$/, effects: delivered(`makes a repository on ${name} ({command})`) },
          { word: /^(fork|sync|deploy-key|publish)$/, effects: changes(name) },
        ],
      },
      release: {
        effects: asks(name),
        when: [
          {
            word: /^(delete|delete-asset)$/,
            effects: [...gone(`deletes a release on ${name} ({command})`), ...delivered(`deletes a release on ${name} ({command})`)],
          },
          { word: /^(create|upload|delete|edit)$/, effects: published(`a release on ${name}`) },
        ],
      },
      gist: {
        effects: asks(name),
        commands: {
          create: {
            special: 'sends-files',
            values: '-d --desc -f --filename',
            effects: delivered(`publishes a gist on ${name} ({command})`),
          },
          '*': { when: [{ word: /^(edit|delete|rename)$/, effects: changes(name) }] },
        },
      },
      secret: { effects: asks(name), when: [{ word: /^(set|delete|remove)$/, effects: changes(name) }] },
      ...rows('extension ext', {
        when: [
          {
            word: /^(install|upgrade)$/,
            effects: [{ effect: 'install-package', risk: 'watch', says: 'adds an extension that others wrote ({command})' }],
          },
          { effects: asks(name) },
        ],
      }),
      ...rows('ssh-key gpg-key', { effects: asks(name), when: [{ word: /^(add|delete)$/, effects: changes(name) }] }),
      ...rows('codespace cs', { effects: asks(name), when: [{ word: /^(ssh|delete|create|cp|ports)$/, effects: changes(name) }] }),
      ...rows('pr mr issue workflow run label project cache ruleset ci pipeline variable milestone discussion', {
        effects: asks(name),
        values:
          '-b --body -t --title -F --body-file -H --head -B --base -L --limit -s --state -q --jq --json --search -a --assignee -l --label',
        when: [
          { word: /^merge$/, effects: delivered(`merges for everybody on ${name} ({command})`) },
          { word: /^delete$/, effects: gone(`changes something on ${name} for good ({command})`) },
          {
            word: /^(add|add-item|item-add|item-edit|create|edit|close|comment|note|review|reopen|set|run|rerun|retry|trigger|cancel|upload|approve|enable|disable|transfer|lock|pin|ready|update-branch)$/,
            effects: changes(name),
          },
        ],
      }),
      ...rows('browse config alias completion help version --version search status org attestation', { effects: asks(name) }),
      '*': { effects: asks(name) },
    },
  };
}

export const FORGES: Readonly<Record<string, Program>> = {
  gh: forge('GitHub'),
  glab: forge('GitLab'),
  hub: {
    commands: {
      ...rows('release pull-request create fork delete', { effects: changes('GitHub') }),
      '*': { effects: asks('GitHub') },
    },
  },
  ...rows('tea', { effects: asks('the forge'), when: [{ word: /^(create|close|merge|delete)$/, effects: changes('the forge') }] }),
};
