import { describe, expect, it } from 'vitest';
import type { ManagedReading } from '../../../../main/contract/settings/layers.ts';
import { valuesOf } from '../../../../main/engine/settings/layers.ts';
import {
  createSettingsStack,
  type GoodManaged,
  type SettingsChange,
  type SettingsStackOptions,
} from '../../../../main/engine/settings/stack.ts';

const FILE = '/etc/holdpoint/managed.json';
const managed = (json: unknown): ManagedReading => ({ state: 'settings', json, source: FILE, base: '/etc/holdpoint' });
const user = (json: unknown) => ({ layer: 'user', where: '/home/dev/holdpoint.json', values: valuesOf(json) }) as const;

function stackOf(json: unknown, more: Partial<SettingsStackOptions> = {}) {
  return createSettingsStack({ user: user(json), defaultDataDir: '/data', ...more });
}

describe('settings of several layers', () => {
  it('are taken key by key: management, then the fleet, then the user, then the default', () => {
    const stack = stackOf(
      { approvals: { timeoutSeconds: 30, unattended: 'wait' }, budgets: [{ name: 'mine', requests: 5 }], contact: 'me' },
      { managed: managed({ approvals: { unattended: 'deny' } }), bundle: { revision: 7, json: { contact: 'it@corp.test', budgets: [] } } },
    );
    expect(stack.current()).toMatchObject({
      dataDir: '/data',
      approvals: { timeoutSeconds: 30, unattended: 'deny' },
      contact: 'it@corp.test',
      budgets: [],
      audit: { capture: 'redacted' },
    });
  });

  it('are explained with what was not heard', () => {
    const stack = stackOf(
      { approvals: { unattended: 'wait' } },
      { managed: managed({ approvals: { unattended: 'deny' } }), bundle: { revision: 7, json: { approvals: { unattended: 'wait' } } } },
    );
    expect(stack.explain('approvals.unattended')).toMatchObject({
      value: 'deny',
      source: 'managed',
      where: FILE,
      lockedBy: 'managed',
      conflicts: [
        { layer: 'fleet', where: 'the fleet’s policy, revision 7', value: 'wait' },
        { layer: 'user', where: '/home/dev/holdpoint.json', value: 'wait' },
      ],
      mayBeSetBy: ['managed', 'fleet', 'user'],
      live: true,
    });
    expect(stack.explain('proxy.port')).toMatchObject({ value: 0, source: 'default', lockedBy: null, conflicts: [] });
    expect(() => stack.explain('approvals.timeout')).toThrow(/no setting "approvals\.timeout".*approvals\.timeoutSeconds/);
  });

  it('say nothing of somebody who wants the same', () => {
    const prices = { 'b*': { input: 1, output: 2 }, 'a*': { output: 2, input: 1 } };
    const turned = { 'a*': { input: 1, output: 2 }, 'b*': { output: 2, input: 1 } };
    expect(stackOf({ prices }, { managed: managed({ prices: turned }) }).explain('prices').conflicts).toEqual([]);
  });

  it('of a server come from one hand: no lower layer adds its own headers or root of trust', () => {
    const mine = {
      audit: { upload: { url: 'https://mine.test/', headers: { 'x-key': 'mine' }, content: 'full' } },
      fleet: { url: 'https://mine.test/', root: 'mine', whenStale: 'keep' },
      policy: { dir: '/mine' },
    };
    const stack = stackOf(mine, {
      managed: managed({
        audit: { upload: { url: 'https://corp.test/' } },
        fleet: { url: 'https://corp.test/', rootFile: 'root.json', whenStale: 'block' },
        policy: { use: 'strict' },
      }),
    });
    expect(stack.current()).toMatchObject({
      audit: { upload: { url: 'https://corp.test/', headers: {}, content: 'metadata' } },
      fleet: { url: 'https://corp.test/', rootFile: '/etc/holdpoint/root.json', whenStale: 'block' },
      policy: { use: 'strict' },
    });
    expect(stack.current().fleet).not.toHaveProperty('root');
    expect(stack.current().policy).not.toHaveProperty('dir');
    expect(stack.explain('audit.upload.content')).toMatchObject({ source: 'default', lockedBy: 'managed', conflicts: [{ value: 'full' }] });
  });

  it('never show what gives access', () => {
    const stack = stackOf({
      fleet: { url: 'https://f.test/', root: '{}', enrolmentToken: 'hunter2hunter2' },
      audit: { upload: { url: 'https://u.test/', headers: { authorization: 'Bearer hunter2' } } },
      upstream: { parentProxy: 'http://dev:hunter2@proxy.test:8080' },
      routes: [{ provider: 'Anthropic', ways: [{ url: 'https://gw.test/', headers: { 'x-portkey-config': 'hunter2' } }] }],
    });
    expect(JSON.stringify(stack.list())).not.toContain('hunter2');
    expect(stack.explain('audit.upload.headers').value).toEqual({ authorization: '(not shown)' });
    expect(stack.explain('upstream.parentProxy').value).toBe('http://…@proxy.test:8080');
  });
});

describe('a layer that does not hold', () => {
  it('of the fleet is refused whole with every problem, and the last one stays', () => {
    const stack = stackOf({}, { bundle: { revision: 7, json: { contact: 'it@corp.test' } } });
    const bad = {
      dataDir: '/elsewhere',
      proxy: { port: 1 },
      fleet: { url: 'https://other.test/', root: 'x' },
      upstream: { pac: 'x.pac' },
      contact: 'new',
    };
    expect(() => stack.setBundle({ revision: 8, json: bad })).toThrow(
      /revision 8 have 5 problems[\s\S]*dataDir: cannot be set by the fleet’s policy, only by the configuration file[\s\S]*fleet\.root: [\s\S]*upstream\.pac: expected a URL/,
    );
    expect(() => stack.setBundle({ revision: 8, json: { contacts: 'new' } })).toThrow(/contacts: unknown key/);
    expect(stack.explain('contact')).toMatchObject({ value: 'it@corp.test', where: 'the fleet’s policy, revision 7' });
  });

  it('of management is an alarm in one note, and the last one stays whole', () => {
    const stack = stackOf({}, { managed: managed({ contact: 'it@corp.test', off: { all: true } }) });
    stack.setManaged(managed({ contact: 'it2@corp.test', off: { all: false }, newer: { key: 1 }, approvals: { unattended: 'allow' } }));
    expect(stack.current()).toMatchObject({ contact: 'it@corp.test', off: { all: true } });
    expect(stack.alarm()?.verdict).toBe('managed-unusable');
    expect(stack.notes()).toEqual([
      expect.stringMatching(
        /^The managed settings \/etc\/holdpoint\/managed\.json have 2 problems\. None .* approvals\.unattended: expected .*; newer: unknown key.*stays in force\. Tell it@corp\.test\.$/,
      ),
    ]);
  });

  it('of management, at first, leaves the others in force and says so', () => {
    const stack = stackOf({}, { managed: { state: 'unusable', source: FILE, why: 'It belongs to dev.' } });
    expect(stack.notes()).toEqual(['It belongs to dev. None were in force before. Tell whoever manages this machine.']);
  });
});

describe('management', () => {
  it('that vanishes stays in force with an alarm, until it says something again', () => {
    const stack = stackOf({}, { managed: managed({ approvals: { unattended: 'wait' }, contact: 'IT' }) });
    const changes: SettingsChange[] = [];
    stack.onChange((change) => changes.push(change));
    stack.setManaged({ state: 'none' });
    stack.setManaged({ state: 'none' });
    expect(stack.current().approvals.unattended).toBe('wait');
    expect(stack.notes()).toEqual([`The managed settings in ${FILE} are gone. What they said last stays in force. Tell IT.`]);
    stack.setManaged(managed({ approvals: { unattended: 'deny' } }));
    expect(stack.notes()).toEqual([]);
    expect(changes).toMatchObject([
      { changed: [], alarm: { verdict: 'managed-vanished' } },
      { changed: ['approvals.unattended', 'contact'], alarm: undefined, settings: { approvals: { unattended: 'deny' } } },
    ]);
  });

  it('that vanished between two runs stays in force with an alarm', () => {
    const lastGood: GoodManaged = { json: { off: { agents: ['Codex'] } }, source: FILE, base: '/etc/holdpoint' };
    const stack = stackOf({ off: { agents: [] } }, { lastGood, managed: { state: 'none' } });
    expect(stack.current().off.agents).toEqual(['Codex']);
    expect(stack.alarm()?.verdict).toBe('managed-vanished');
  });

  it('ends with an empty object, after which nothing is missed', () => {
    const kept: GoodManaged[] = [];
    const stack = stackOf({ contact: 'me' }, { managed: managed({ contact: 'IT' }), remember: (good) => kept.push(good) });
    stack.setManaged(managed({ contact: 'IT' }));
    stack.setManaged(managed({}));
    stack.setManaged({ state: 'none' });
    expect(stack.current().contact).toBe('me');
    expect(stack.notes()).toEqual([]);
    expect(kept.map(({ json }) => json)).toEqual([{ contact: 'IT' }, {}]);
  });

  it('cannot move the data folder, where what it said last is kept', () => {
    const stack = stackOf({}, { managed: managed({ dataDir: '/x' }) });
    expect(stack.notes()[0]).toContain('dataDir: cannot be set by this machine’s management, only by the configuration file');
    expect(stack.current().dataDir).toBe('/data');
  });

  it('is told apart from what waits for the next start', () => {
    const stack = stackOf({});
    stack.setManaged(managed({ proxy: { port: 4000 }, contact: 'IT' }));
    expect(stack.notes()).toEqual(['Changed settings that take effect when Holdpoint starts again: proxy.port.']);
    stack.setManaged(managed({ contact: 'IT' }));
    expect(stack.notes()).toEqual([]);
  });
});

describe('the fleet’s settings', () => {
  it('change while running, and go with the policy', () => {
    const stack = stackOf({ contact: 'me' });
    const changed: string[][] = [];
    const end = stack.onChange((change) => changed.push([...change.changed]));
    stack.setBundle({ revision: 1, json: { contact: 'IT', bypass: { allowed: true } } });
    stack.setBundle({ revision: 2, json: { contact: 'IT', bypass: { allowed: true } } });
    stack.setBundle(undefined);
    end();
    stack.setBundle({ revision: 3, json: { contact: 'x' } });
    expect(changed).toEqual([
      ['contact', 'bypass.allowed'],
      ['contact', 'bypass.allowed'],
    ]);
  });

  it('can be tried without being put in force', () => {
    const stack = stackOf({});
    stack.checkBundle({ revision: 1, json: { contact: 'IT' } });
    expect(() => stack.checkBundle({ revision: 1, json: { contact: '' } })).toThrow(/contact: /);
    expect(stack.current().contact).toBeUndefined();
  });
});
