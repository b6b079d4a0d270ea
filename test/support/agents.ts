/** How each agent is run without a screen: its commands, its environment, and what it wants in its home folder. */

import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../build/places.ts';
import { claudeCode, codex, copilotCli, geminiCli, opencode, type Program } from './agents-cache.ts';

export interface Agent {
  /** In the names of tests. */
  readonly name: string;
  /** What a question calls it. */
  readonly shownAs: string;
  readonly protocol: string;
  readonly transport: 'HTTP/1.1' | 'HTTP/2' | 'WebSocket';
  program(): Promise<Program>;
  /** Arguments for a prompt; `again` goes on with the conversation before. */
  args(prompt: string, place: Place): readonly string[];
  again(prompt: string, place: Place): readonly string[];
  readonly env: Readonly<Record<string, string>>;
  prepare?(place: Place): Promise<void>;
}

export interface Place {
  readonly home: string;
  readonly project: string;
}

const DUMMY = 'dummy'.repeat(4);

export const claude: Agent = {
  name: 'Claude Code',
  shownAs: 'Claude Code',
  protocol: 'anthropic-messages',
  transport: 'HTTP/1.1',
  program: claudeCode,
  args: (prompt) => ['-p', prompt, '--dangerously-skip-permissions', '--model', 'claude-sonnet-4-5', '--output-format', 'text'],
  again: (prompt, place) => ['--continue', ...claude.args(prompt, place)],
  env: { IS_SANDBOX: '1', ANTHROPIC_API_KEY: `sk-ant-${DUMMY}`, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  prepare: ({ home }) => mkdir(join(home, '.claude'), { recursive: true }).then(() => {}),
};

const CODEX = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox'];
const OVER_HTTP = [
  '-c',
  'model_providers.px={name="px",base_url="https://api.openai.com/v1",env_key="CODEX_API_KEY",wire_api="responses",supports_websockets=false}',
  '-c',
  'model_provider="px"',
];

function codexAgent(name: string, options: { transport: Agent['transport']; model: string; more?: readonly string[] }): Agent {
  const { model, more = [], transport } = options;
  const shared = [...CODEX, '-m', model, ...more];
  return {
    name,
    shownAs: 'Codex',
    protocol: 'openai-responses',
    transport,
    program: codex,
    args: (prompt, { project }) => ['exec', ...shared, '-C', project, prompt],
    again: (prompt) => ['exec', 'resume', '--last', ...shared, prompt],
    env: { CODEX_API_KEY: `sk-${DUMMY}` },
  };
}

export const codexOverWebSocket = codexAgent('Codex over a WebSocket', { transport: 'WebSocket', model: 'gpt-5.2' });
export const codexOverHttp = codexAgent('Codex over HTTP', { transport: 'HTTP/2', model: 'gpt-5.2', more: OVER_HTTP });
export const codexCodeMode = codexAgent('Codex in its code mode', { transport: 'WebSocket', model: 'gpt-6.1-sol' });
export const codexSignedIn: Agent = {
  ...codexAgent('Codex with a ChatGPT login', { transport: 'WebSocket', model: 'gpt-5.2' }),
  env: {},
  async prepare({ home }) {
    const claims = { chatgpt_plan_type: 'pro', chatgpt_account_id: 'acc-dummy', chatgpt_user_id: 'user-dummy' };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = [
      part({ alg: 'none', typ: 'JWT' }),
      part({ exp: 4_000_000_000, email: 'dummy@example.com', 'https://api.openai.com/auth': claims }),
      'unsigned',
    ].join('.');
    const tokens = { id_token: token, access_token: token, refresh_token: 'dummy', account_id: 'acc-dummy' };
    const auth = { auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: new Date().toISOString() };
    await written(join(home, '.codex', 'auth.json'), JSON.stringify(auth));
  },
};

export const gemini: Agent = {
  name: 'Gemini CLI',
  shownAs: 'Gemini CLI',
  protocol: 'google-generate-content',
  // On Node 26, where it takes its proxy from Node; on Node 20 it is HTTP/1.1.
  transport: 'HTTP/2',
  program: geminiCli,
  args: (prompt) => ['-p', prompt, '--yolo', '--skip-trust', '-m', 'gemini-2.5-flash'],
  again: (prompt, place) => ['--resume', 'latest', ...gemini.args(prompt, place)],
  env: { GEMINI_API_KEY: DUMMY, GEMINI_CLI_TRUST_WORKSPACE: 'true' },
  prepare: ({ home }) =>
    written(join(home, '.gemini', 'settings.json'), JSON.stringify({ security: { auth: { selectedType: 'gemini-api-key' } } })),
};

function opencodeAgent(model: string, protocol: string, key: string): Agent {
  return {
    name: `opencode with ${model}`,
    shownAs: 'opencode',
    protocol,
    transport: 'HTTP/1.1',
    program: opencode,
    args: (prompt) => ['run', '--auto', '-m', model, prompt],
    again: (prompt) => ['run', '--continue', '--auto', '-m', model, prompt],
    env: { [key]: `sk-${DUMMY}` },
  };
}

export const opencodeAnthropic = opencodeAgent('anthropic/claude-sonnet-4-5', 'anthropic-messages', 'ANTHROPIC_API_KEY');
export const opencodeOpenai = opencodeAgent('openai/gpt-5.2', 'openai-responses', 'OPENAI_API_KEY');
export const opencodeGoogle = opencodeAgent('google/gemini-2.5-flash', 'google-generate-content', 'GOOGLE_GENERATIVE_AI_API_KEY');

/** Copilot CLI with an endpoint of its own, which wants no GitHub login. */
function copilotAgent(
  name: string,
  how: { protocol: string; transport: Agent['transport']; env: Readonly<Record<string, string>> },
): Agent {
  const args = (prompt: string) => ['-p', prompt, '--allow-all-tools', '--allow-all-paths'];
  return {
    name,
    shownAs: 'Copilot CLI',
    protocol: how.protocol,
    transport: how.transport,
    program: copilotCli,
    args,
    again: (prompt) => ['--continue', ...args(prompt)],
    env: {
      COPILOT_PROVIDER_BASE_URL: 'https://api.openai.com/v1',
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_API_KEY: `sk-${DUMMY}`,
      COPILOT_MODEL: 'gpt-5.2',
      ...how.env,
    },
    // It unpacks 235 MB at its first start: all throw-away homes share that.
    async prepare({ home }) {
      const unpacked = join(cacheFolder(), 'copilot');
      await mkdir(unpacked, { recursive: true });
      await mkdir(join(home, '.cache'), { recursive: true });
      await symlink(unpacked, join(home, '.cache', 'copilot'));
    },
  };
}

export const copilotChat = copilotAgent('Copilot CLI with chat completions', { protocol: 'openai-chat', transport: 'HTTP/1.1', env: {} });
export const copilotResponses = copilotAgent('Copilot CLI with Responses', {
  protocol: 'openai-responses',
  transport: 'HTTP/1.1',
  env: { COPILOT_PROVIDER_WIRE_API: 'responses' },
});
export const copilotOverWebSocket = copilotAgent('Copilot CLI over a WebSocket', {
  protocol: 'openai-responses',
  transport: 'WebSocket',
  env: { COPILOT_PROVIDER_WIRE_API: 'responses', COPILOT_PROVIDER_TRANSPORT: 'websockets' },
});
export const copilotAnthropic = copilotAgent('Copilot CLI with Anthropic', {
  protocol: 'anthropic-messages',
  transport: 'HTTP/1.1',
  env: {
    COPILOT_PROVIDER_BASE_URL: 'https://api.anthropic.com',
    COPILOT_PROVIDER_TYPE: 'anthropic',
    COPILOT_MODEL: 'claude-sonnet-4-5',
  },
});

async function written(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
