/** A coding agent, as small as one can be: asks the model, runs the commands it is told to run, and tells the model what came of it. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const [task = 'Tidy up.'] = process.argv.slice(2);
const messages: object[] = [{ role: 'user', content: task }];

for (let turn = 0; turn < 5; turn += 1) {
  const { content } = await ask();
  const results: object[] = [];
  for (const block of content) {
    if (block.type === 'text') say(block.text ?? '');
    if (block.type === 'tool_use')
      results.push({ type: 'tool_result', tool_use_id: block.id, content: await runs(block.input?.command ?? '') });
  }
  if (results.length === 0) break;
  messages.push({ role: 'assistant', content }, { role: 'user', content: results });
}

interface Message {
  readonly content: readonly {
    readonly type: string;
    readonly id?: string;
    readonly text?: string;
    readonly input?: { readonly command?: string };
  }[];
}

async function ask(): Promise<Message> {
  const answer = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': 'sk-ant-demonstration',
      'anthropic-version': '2023-06-01',
      'user-agent': 'demo-agent/1.0',
    },
    body: JSON.stringify({
      model: 'claude-sonnet-4-5',
      max_tokens: 1000,
      messages,
      tools: [{ name: 'Bash', input_schema: { type: 'object' } }],
    }),
  });
  if (!answer.ok) throw new Error(`The model answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Message;
}

async function runs(command: string): Promise<string> {
  say(`runs: ${command}`);
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command]).catch((error: { stdout?: string; stderr?: string }) => ({
    stdout: error.stdout ?? '',
    stderr: error.stderr ?? String(error),
  }));
  return stdout + stderr || 'Done, without output.';
}

function say(text: string): void {
  for (const line of text.split('\n')) console.log(`  agent │ ${line}`);
}
