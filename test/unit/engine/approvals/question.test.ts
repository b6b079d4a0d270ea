import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EffectFact } from '../../../../main/contract/action.ts';
import { questionSchema } from '../../../../main/contract/approval.ts';
import { questionOf } from '../../../../main/engine/approvals/question.ts';
import { type InquirySketch, inquiry } from './inquiry.ts';

const frame = { id: 'q1', nonce: 'n1', askedAt: Date.UTC(2026, 4, 1), expiresAt: Date.UTC(2026, 4, 1, 0, 2) };
const ask = (sketch: InquirySketch = {}) => questionOf(inquiry(sketch), frame);
const effect = (risk: EffectFact['risk'], says: string, start: number, end: number): EffectFact => ({
  effect: 'delete',
  risk,
  says,
  range: { start, end },
});
const marked = ({ action }: ReturnType<typeof ask>) => action.marks.map(({ start, end, risk }) => [action.text.slice(start, end), risk]);

describe('a question', () => {
  it('tells who asks, from where, why, and whom to turn to', () => {
    expect(ask()).toMatchObject({
      agent: { name: 'Claude Code', version: '2.1.0', parents: ['gnome-terminal', 'zsh'], pid: 4242 },
      workspace: '/home/dev/proj',
      reason: 'It deletes files.',
      policies: [{ id: 'ask-before-deleting', reason: 'It deletes.', contact: 'it@example.com' }],
      idea: { model: 'claude-opus', provider: 'Anthropic', after: null },
      askedAt: '2026-05-01T00:00:00.000Z',
      expiresAt: '2026-05-01T00:02:00.000Z',
      details: { arguments: '{\n  "command": "rm -rf build"\n}' },
    });
  });

  it.each<[string, string, string]>([
    ['text that runs backwards', 'rm \u202Egpj.txt', 'rm ⟦U+202E⟧gpj.txt'],
    ['an escape sequence', '\u001b[2Kls', '⟦U+001B⟧[2Kls'],
    ['a carriage return that hides what is before it', 'rm -rf ~\rls', 'rm -rf ~⟦U+000D⟧ls'],
    ['a letter of no width', 'rm\u200B', 'rm⟦U+200B⟧'],
    ['a space that is none', 'a\u00A0b', 'a⟦U+00A0⟧b'],
    ['half a surrogate pair', 'a\uD800b', 'a⟦U+D800⟧b'],
    ['invisible tags', 'a\u{E0041}b', 'a⟦U+E0041⟧b'],
    ['ordinary text in any script', 'echo "看 naïve 🎉"\n\tdone\r\n', 'echo "看 naïve 🎉"\n\tdone\r\n'],
  ])('shows %s for what it is', (_what, text, shown) => {
    expect(ask({ text }).action).toMatchObject({ text: shown, omitted: 0 });
  });

  it('makes hidden characters visible wherever they come from', () => {
    const question = ask({
      title: 'wants\u202E x',
      agent: 'Cl\u001baude',
      root: '/home/\ndev',
      effects: [{ effect: 'read', risk: 'watch', says: 'reads \u0007' }],
    });
    expect(question.title).toBe('wants⟦U+202E⟧ x');
    expect(question.agent.name).toBe('Cl⟦U+001B⟧aude');
    expect(question.workspace).toBe('/home/⟦U+000A⟧dev');
    expect(question.effects).toEqual([{ risk: 'watch', says: 'reads ⟦U+0007⟧' }]);
  });

  it('keeps marks on their words when characters before them grow', () => {
    const text = 'echo \u202E; rm -rf ~';
    expect(marked(ask({ text, effects: [effect('risk', 'deletes', text.indexOf('rm'), text.length)] }))).toEqual([['rm -rf ~', 'risk']]);
  });

  it('gives words to the riskier of two marks, and to the first of equals', () => {
    const text = 'aaabbbccc';
    expect(
      marked(ask({ text, effects: [effect('watch', 'all', 0, 9), effect('risk', 'middle', 3, 6), effect('watch', 'end', 5, 9)] })),
    ).toEqual([
      ['aaa', 'watch'],
      ['bbb', 'risk'],
      ['ccc', 'watch'],
    ]);
  });

  it('has marks within its text, in order, without overlap, whatever the ranges say', () => {
    const place = fc.oneof(fc.integer({ min: -5, max: 60 }), fc.constantFrom(Number.NaN, 1e9, 0.5));
    const effects = fc.array(
      fc.record({
        effect: fc.constant('read' as const),
        risk: fc.constantFrom('plain' as const, 'watch' as const, 'risk' as const),
        says: fc.string(),
        range: fc.record({ start: place, end: place }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), effects, (text, effects) => {
        const question = ask({ text, effects });
        expect(questionSchema.safeParse(question).error).toBeUndefined();
        let from = 0;
        for (const { start, end } of question.action.marks) {
          expect(start).toBeGreaterThanOrEqual(from);
          expect(end).toBeGreaterThan(start);
          from = end;
        }
        expect(from).toBeLessThanOrEqual(question.action.text.length);
      }),
    );
  });

  it('cuts a long text and says how much is missing', () => {
    const { action } = ask({ text: 'x'.repeat(67_536), effects: [effect('risk', 'the end', 65_530, 66_000)] });
    expect(action.text).toHaveLength(65_536);
    expect(action.omitted).toBe(2_000);
    expect(action.marks).toEqual([{ start: 65_530, end: 65_536, risk: 'risk', says: 'the end' }]);
  });

  it('says each effect once, the riskiest first', () => {
    const effects: EffectFact[] = [
      { effect: 'read', risk: 'plain', says: 'reads a file' },
      { effect: 'delete', risk: 'risk', says: 'deletes a folder' },
      { effect: 'read', risk: 'plain', says: 'reads a file' },
    ];
    expect(ask({ effects }).effects).toEqual([
      { risk: 'risk', says: 'deletes a folder' },
      { risk: 'plain', says: 'reads a file' },
    ]);
  });

  it.each<[string, InquirySketch, string[]]>([
    ['nothing beyond once where policy says never', { remember: 'never' }, []],
    ['the session', { remember: 'session' }, ['session']],
    ['session and workspace', { remember: '8h' }, ['session', 'workspace']],
    ['no workspace where none is known', { remember: 'workspace', root: null }, ['session']],
  ])('offers %s', (_what, sketch, grants) => {
    expect(ask(sketch).grants).toEqual(grants);
  });

  it.each<[string, InquirySketch]>([
    ['text', { text: 'rm -rf src', content: 'same' }],
    ['title', { title: 'Claude Code wants to look around' }],
    ['agent', { agent: 'Codex' }],
    ['workspace', { root: '/home/dev/other' }],
    ['grants', { remember: 'never' }],
    ['effects', { effects: [{ effect: 'read', risk: 'plain', says: 'reads' }] }],
    ['arguments', { input: { command: 'rm -rf build', timeout: 5 } }],
  ])('has another hash when its %s is another', (_what, sketch) => {
    expect(ask(sketch).shown).not.toBe(ask().shown);
  });

  it('has the same hash whenever it is asked', () => {
    expect(questionOf(inquiry(), { ...frame, id: 'q2', nonce: 'n2', askedAt: 0 }).shown).toBe(ask().shown);
  });

  it('stays short when its arguments are nested so deeply that indenting them would fill the memory', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(ask({ input: nested(20) }).details.arguments).toContain('\n');
    expect(ask({ input: nested(3_000) }).details.arguments).toBe('['.repeat(3_000) + ']'.repeat(3_000));
    expect(ask({ input: nested(100_000) }).details.arguments).toMatch(/^\[{8000}\n… 192000 more characters$/);
  });
});
