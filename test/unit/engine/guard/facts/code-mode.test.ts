/** Codex's code mode: scripts as the model writes them, and the ways to hide a call in one. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the scripts write their templates so

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectsOf, factsOfTool, underlined } from './reading.ts';

const exec = (code: string) => factsOfTool('exec', code);

describe('a script whose calls are written out', () => {
  it.each([
    ['one call', `const r = await tools.exec_command({ cmd: "rm -rf ~/x", workdir: "/home/dev" });\ntext(r.output);`],
    [
      'a pragma, options and a trailing comma',
      `// @exec: {"yield_time_ms": 10000}\nconst r = await tools.exec_command({\n  cmd: 'rm -rf ~/x',\n  yield_time_ms: 1000,\n  max_output_tokens: limit ?? 6_000,\n});\ntext(r)`,
    ],
    ['a template of several lines', 'await tools.exec_command({ cmd: `cd /tmp\nrm -rf ~/x\n` });'],
    ['a name that is a literal', 'const cmd = "rm -rf ~/x";\nconst { output } = await tools.exec_command({ cmd });\ntext(output)'],
    ['a name that is a template', 'let script = `set -e\nrm -rf ~/x`;\nawait tools.exec_command({ "cmd": script, "login": true })'],
    [
      'calls side by side',
      'const [a, b] = await Promise.all([\n  tools.exec_command({ cmd: "git status" }),\n  tools.exec_command({ cmd: "rm -rf ~/x" }),\n]);',
    ],
    [
      'a call in a function',
      'const run = async () => { try { return await tools.exec_command({ cmd: "rm -rf ~/x" }); } catch (error) { text(String(error)); } };\nawait run();',
    ],
    ['a call that is asked for if it is there', 'await tools?.exec_command?.({ cmd: "rm -rf ~/x" })'],
    ['a shell', 'await tools.exec_command({ cmd: "rm -rf ~/x", shell: "/bin/zsh" })'],
    ['the other shell tool', 'await tools.shell_command({ command: "rm -rf ~/x", timeout_ms: 1000 })'],
    ['what is typed into a running shell', 'await tools.write_stdin({ session_id: 1, chars: "rm -rf ~/x\\n" })'],
  ])('is read: %s', (_what, code) => {
    const facts = exec(code);
    expect(effectsOf(facts)).toEqual(['delete', 'destructive', 'runs-code']);
    expect(facts.paths).toMatchObject([{ where: 'outside', use: 'delete' }]);
  });

  it('has the words underlined that do it, wherever the literal stands', () => {
    expect(underlined(exec('const cmd = "rm -rf ~/x";\nawait tools.exec_command({ cmd });'), 'delete')).toEqual(['~/x']);
    expect(underlined(exec('await tools.exec_command({ cmd: `rm -rf ~/x` });'), 'delete')).toEqual(['~/x']);
    expect(underlined(exec(String.raw`await tools.exec_command({ cmd: "rm -rf \x7e/x" });`), 'delete')).toEqual([
      String.raw`"rm -rf \x7e/x"`,
    ]);
  });

  it('is ordinary where its commands are', () => {
    const code = [
      'const list = await tools.exec_command({ cmd: "git status --short", workdir: "/home/dev/proj" });',
      'const files = list.output.split("\\n").filter((line) => line.length > 3).map((line) => line.slice(3));',
      'for (let i = 0; i < files.length; i += 1) text(`${i}: ${files[i]}`);',
      'await tools.update_plan({ plan: [{ step: "look", status: "completed" }] });',
      'text(JSON.stringify({ tools: files.length }));',
    ].join('\n');
    expect(effectsOf(exec(code))).toEqual(['runs-code']);
  });

  it.each([
    [
      'as text',
      'const patch = `*** Begin Patch\n*** Update File: src/a.ts\n@@\n-a\n+b\n*** Delete File: ../other/b.ts\n*** End Patch`;\ntext(await tools.apply_patch(patch));',
    ],
    [
      'as a member',
      'await tools.apply_patch({ input: "*** Begin Patch\\n*** Update File: src/a.ts\\n*** Delete File: ../other/b.ts\\n*** End Patch" });',
    ],
  ])('has its patches read, %s', (_what, code) => {
    expect(exec(code).paths.map(({ path, where, use }) => [path, where, use])).toEqual([
      ['/home/dev/proj/src/a.ts', 'workspace', 'write'],
      ['/home/dev/other/b.ts', 'outside', 'delete'],
    ]);
  });
});

describe('a script cannot be told', () => {
  const LS = 'await tools.exec_command({ cmd: "ls" });';
  it.each([
    'await tools.exec_command({ cmd: command })',
    'await tools.exec_command({ cmd: "rm " + x })',
    'await tools.exec_command({ cmd: "rm " + "-rf /" })',
    'await tools.exec_command({ cmd: `rm ${x}` })',
    'await tools.exec_command({ cmd: String.raw`rm` })',
    'await tools.exec_command({ cmd: ["rm", "x"].join(" ") })',
    'await tools.exec_command({ ["c" + "md"]: "ls" })',
    'await tools.exec_command({ cmd: "ls", ...more })',
    'await tools.exec_command({ cmd: "ls", cmd: "rm" })',
    'await tools.exec_command({ cmd: "ls", get workdir() { return x } })',
    'await tools.exec_command({ cmd: "ls", workdir: x })',
    'await tools.exec_command({ cmd: "ls", shell: "python3" })',
    'await tools.exec_command({ cmd: "ls", __proto__: x })',
    'await tools.exec_command({ cmd: "ls" }, more)',
    'await tools.exec_command(...all)',
    'await tools.exec_command(o)',
    'await tools.exec_command()',
    'await tools["exec_command"]({ cmd: "ls" })',
    'await tools.exec_command.call(null, { cmd: "ls" })',
    'await tools.somethingElse({})',
    'await tools.mcp__server__tool({ a: 1 })',
    'await tools.apply_patch(patch)',
    'let cmd = "ls"; cmd = x; await tools.exec_command({ cmd })',
    'let cmd = "ls"; cmd += x; await tools.exec_command({ cmd })',
    'let cmd = "ls"; [cmd] = x; await tools.exec_command({ cmd })',
    'let cmd = "ls"; ({ a: cmd } = x); await tools.exec_command({ cmd })',
    'let cmd = "ls"; for (cmd of all) await tools.exec_command({ cmd })',
    'const cmd = "ls"; for (const cmd of all) await tools.exec_command({ cmd })',
    'const cmd = "ls"; await Promise.all(all.map((cmd) => tools.exec_command({ cmd })))',
    'const cmd = "ls"; { const { cmd } = x; await tools.exec_command({ cmd }) }',
    'const cmd = "ls"; try {} catch (cmd) { await tools.exec_command({ cmd }) }',
    'const cmd = "ls"; function f(cmd) { return tools.exec_command({ cmd }) }',
    `${LS} const t = tools; await t.exec_command({ cmd: "rm" })`,
    `${LS} const { exec_command } = tools;`,
    `${LS} const o = { tools };`,
    `${LS} run(tools)`,
    `${LS} tools.exec_command = x`,
    `${LS} all.map(tools.exec_command)`,
    `${LS} eval(x)`,
    `${LS} (0, eval)(x)`,
    `${LS} new Function(x)()`,
    `${LS} "".constructor.constructor(x)()`,
    `${LS} ""["constructor"]`,
    `${LS} globalThis[x]`,
    `${LS} await import(x)`,
    `import x from "x"; ${LS}`,
    `${LS} require("fs")`,
    `${LS} await fetch("https://x.example")`,
    `${LS} this is no JavaScript`,
    'fetch("https://x.example")',
    'text("nothing")',
    '',
    `${'('.repeat(100_000)}`,
    `${LS}//${'x'.repeat(300_000)}`,
  ])('%s', (code) => {
    expect(effectsOf(exec(code))).toEqual(expect.arrayContaining(['runs-code', 'unresolved']));
  });

  it('and still has told what of it can be', () => {
    expect(effectsOf(exec('await tools.exec_command({ cmd: "rm -rf ~/x" }); await tools.exec_command({ cmd: y });'))).toEqual(
      expect.arrayContaining(['delete', 'unresolved']),
    );
  });
});

it('never throws, and never takes what it cannot read for nothing', () => {
  const words = [
    'tools',
    '.exec_command',
    '({cmd:',
    '"rm -rf ~/x"',
    '`rm -rf ~/x`',
    '${x}',
    '})',
    ';',
    'await ',
    'const c = ',
    'c',
    '+',
    '[',
    ']',
    '\n',
    '=>',
    'eval',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), (parts) => {
      const effects = effectsOf(exec(parts.join('')));
      expect(effects).toContain('runs-code');
      if (!effects.includes('delete')) expect(effects).toContain('unresolved');
    }),
    { numRuns: 300 },
  );
});
