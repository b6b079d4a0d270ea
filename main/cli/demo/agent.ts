/** A coding agent, as small as one can be: asks the model, runs the commands it is told to run, and tells the model what came of it. */

import { execFile } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';

const [task = 'Tidy up.'] = process.argv.slice(2);
const messages: object[] = [{ role: 'user', content: task }];

for (let turn = 0; turn < 5; turn += 1) {
  const content = await ask();
  const results: object[] = [];
  for (const { type, id, input } of content) {
    if (type === 'tool_use') results.push({ type: 'tool_result', tool_use_id: id, content: await runs(input?.command ?? '') });
  }
  if (results.length === 0) break;
  messages.push({ role: 'assistant', content }, { role: 'user', content: results });
}

interface Block {
  readonly type: string;
  readonly id?: string;
  text?: string;
  input?: { readonly command?: string } | undefined;
}

/** What the model's stream may hold ("Streaming messages" in Anthropic's API reference), as far as it matters here. */
interface StreamEvent {
  readonly type: string;
  readonly content_block?: Block;
  readonly delta?: { readonly text?: string; readonly partial_json?: string };
}

/** Says each text as soon as it is complete; gives all blocks at the end. */
async function ask(): Promise<Block[]> {
  const answer = await fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'sk-ant-demonstration', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({
      model: 'claude-sonnet-4-5',
      max_tokens: 1000,
      stream: true,
      messages,
      tools: [{ name: 'Bash', input_schema: { type: 'object' } }],
    }),
  });
  if (!answer.ok || !answer.body) throw new Error(`The model answered ${answer.status}: ${await answer.text()}`);
  const content: Block[] = [];
  let json = '';
  for await (const line of createInterface({ input: Readable.fromWeb(answer.body as ReadableStream) })) {
    if (!line.startsWith('data: ')) continue;
    const { type, content_block, delta } = JSON.parse(line.slice('data: '.length)) as StreamEvent;
    if (type === 'content_block_start' && content_block) content.push(content_block);
    const block = content.at(-1);
    if (!block) continue;
    if (block.type === 'text' && delta?.text) block.text += delta.text;
    if (block.type === 'tool_use' && delta?.partial_json) json += delta.partial_json;
    if (type !== 'content_block_stop') continue;
    if (block.type === 'text') say(block.text ?? '');
    if (json !== '') block.input = JSON.parse(json) as Block['input'];
    json = '';
  }
  return content;
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
