import { describe, expect, it } from 'vitest';
import { createMcpPins } from '../../../../main/engine/exchange/mcp-pins.ts';

function store(text?: string) {
  const it = { text, told: [] as string[], broken: false };
  const pins = () =>
    createMcpPins({
      load: () => it.text,
      save: (given) => {
        if (it.broken) throw new Error('disk full');
        it.text = given;
      },
      log: (message) => it.told.push(message),
    });
  return { it, pins };
}
const tool = (name: string, description: string) => ({ name, definition: { description } });
const AT = 'https://mcp.example/mcp';

describe('what servers say of their tools', () => {
  it('is new once, the same ever after, and changed until a call is let through', () => {
    const pins = store().pins();
    expect(pins.listed(AT, [tool('a', 'one')])).toEqual({ added: [], changed: [] });
    expect(pins.listed(AT, [tool('a', 'one'), tool('b', 'x')])).toEqual({ added: ['b'], changed: [] });
    expect(pins.of(AT, 'a').changed).toBe(false);
    expect(pins.listed(AT, [tool('a', 'two')])).toEqual({ added: [], changed: ['a'] });
    expect(pins.listed(AT, [tool('a', 'two')])).toEqual({ added: [], changed: [] });
    expect(pins.of(AT, 'a').changed).toBe(true);
    expect(pins.of('https://other/mcp', 'a')).toEqual({ changed: false });
    pins.accept(AT, 'a');
    expect(pins.of(AT, 'a').changed).toBe(false);
    expect(pins.listed(AT, [tool('a', 'one')]).changed).toEqual(['a']);
  });

  it('is not changed any more where it is again what it was', () => {
    const pins = store().pins();
    pins.listed(AT, [tool('a', 'one')]);
    pins.listed(AT, [tool('a', 'two')]);
    expect(pins.listed(AT, [tool('a', 'one')]).changed).toEqual([]);
    expect(pins.of(AT, 'a').changed).toBe(false);
  });

  it('outlives the engine', () => {
    const { pins } = store();
    const first = pins();
    first.listed(AT, [tool('a', 'one')]);
    first.name(AT, { name: 'github', version: '1' });
    const next = pins();
    expect(next.identity(AT)).toEqual({ name: 'github', version: '1' });
    expect(next.listed(AT, [tool('a', 'two')]).changed).toEqual(['a']);
  });

  it.each([['{'], ['{"version":2}'], ['{"version":1,"servers":[{"address":"x","tools":{"a":{"first":"no","now":"no"}}}]}']])(
    'counts as seen for the first time where the store is %s, and the log says so',
    (text) => {
      const { it: kept, pins } = store(text);
      expect(pins().listed(AT, [tool('a', 'one')]).changed).toEqual([]);
      expect(kept.told[0]).toContain('seen for the first time');
    },
  );

  it('is remembered where it cannot be kept, and the log says so', () => {
    const { it: kept, pins } = store();
    kept.broken = true;
    const mine = pins();
    mine.listed(AT, [tool('a', 'one')]);
    expect(kept.told[0]).toContain('disk full');
    expect(mine.listed(AT, [tool('a', 'two')]).changed).toEqual(['a']);
  });

  it('is noticed however far down in a list a tool stands, and doubted where there are more than can be remembered', () => {
    const pins = store().pins();
    pins.listed(AT, [tool('send', 'one')]);
    const many = Array.from({ length: 1_200 }, (_, i) => tool(`t${i}`, 'x'));
    expect(pins.listed(AT, [...many, tool('send', 'two')]).changed).toEqual(['send']);
    expect(pins.of(AT, 't1').changed).toBe(false);
    expect(pins.of(AT, 't1199').changed).toBe(true);
  });

  it('is bounded', () => {
    const { it: kept, pins } = store();
    const mine = pins();
    for (let i = 0; i < 250; i += 1) mine.listed(`https://${i}/mcp`, [tool('a', 'one')]);
    expect((JSON.parse(kept.text ?? '') as { servers: unknown[] }).servers).toHaveLength(200);
    expect(mine.of('https://249/mcp', 'a').definition).toBeDefined();
    expect(mine.of('https://0/mcp', 'a').definition).toBeUndefined();
  });
});

describe('what servers say of their tools to the agents of several users', () => {
  const changed = (pins: ReturnType<ReturnType<typeof store>['pins']>, user?: string) => pins.list(user).map((one) => one.changed);

  it('is changed for each until that user lets a call through', () => {
    const { pins } = store();
    const all = pins();
    for (const user of ['ann', 'bob']) all.forUser(user).listed(AT, [tool('a', 'one')]);
    for (const user of ['ann', 'bob']) expect(all.forUser(user).listed(AT, [tool('a', 'two')]).changed).toEqual(['a']);
    all.forUser('bob').accept(AT, 'a');
    expect(all.forUser('bob').of(AT, 'a').changed).toBe(false);
    expect(all.forUser('ann').of(AT, 'a').changed).toBe(true);
    const next = pins();
    expect([changed(next, 'ann'), changed(next, 'bob'), changed(next)]).toEqual([[['a']], [[]], [['a']]]);
  });

  it('is listed to each of the servers that their own agents use, and to an admin each server once', () => {
    const all = store().pins();
    all.forUser('ann').listed('node /home/ann/secret-server.js', [tool('a', 'one')]);
    all.forUser('ann').call(AT, 'Ann’s tickets');
    all.forUser('bob').listed(AT, [tool('a', 'one')]);
    all.listed('node unknown.js', [tool('a', 'one')]);
    expect(all.list('bob')).toEqual([{ address: AT, tools: 1, changed: [] }]);
    expect(all.list('zoe')).toEqual([]);
    expect(all.list('ann').map(({ address }) => address)).toEqual([AT, 'node /home/ann/secret-server.js']);
    expect(all.list().map(({ address }) => address)).toEqual(['node unknown.js', AT, 'node /home/ann/secret-server.js']);
  });

  it('goes on from what was kept before it was known whose it is, for each by itself', () => {
    const { it: kept, pins } = store();
    pins().listed(AT, [tool('a', 'one')]);
    expect(kept.text).not.toContain('"user"');
    const all = pins();
    expect(all.forUser('ann').listed(AT, [tool('a', 'two')]).changed).toEqual(['a']);
    expect(all.forUser('bob').of(AT, 'a')).toMatchObject({ changed: false });
    all.forUser('bob').accept(AT, 'a');
    expect([changed(all, 'ann'), changed(all)]).toEqual([[['a']], [['a']]]);
  });

  it('is not forgotten because another has many servers', () => {
    const all = store().pins();
    all.forUser('ann').listed(AT, [tool('a', 'one')]);
    for (let server = 0; server < 300; server += 1) all.forUser('bob').listed(`https://${server}.example/`, [tool('a', 'one')]);
    expect(all.forUser('ann').listed(AT, [tool('a', 'two')]).changed).toEqual(['a']);
    expect(all.list('bob')).toHaveLength(200);
  });
});
