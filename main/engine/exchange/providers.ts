/** Who serves which host, and which of its paths carry no model call. Data only. */

import type { ProtocolName } from '../../contract/action.ts';

export interface Provider {
  readonly name: string;
  /** Patterns of `hostMatches`. The first provider of the catalogue that has the host is its own. */
  readonly hosts: readonly string[];
  /** Paths that carry no model call, each with all below it: telemetry, settings, sign-in. They go on unread. */
  readonly beside?: readonly string[];
  /** A web site: model calls are only below these, and all else of it goes on unread. */
  readonly onlyAt?: readonly string[];
  /** Protocols of paths that do not tell by themselves, by patterns of the whole path. */
  readonly protocols?: Readonly<Record<string, ProtocolName>>;
  /** Paths whose answers name another host of this provider, in these members. */
  readonly announces?: { readonly paths: readonly string[]; readonly members: readonly string[] };
  /** Named, but not decrypted unless `intercept.hosts` says so: people's own conversations are there. */
  readonly onlyIfAsked?: true;
}

/** Model lists, embeddings and the like, as most of those who speak OpenAI's API have them. */
const COMPATIBLE = ['/v1/models', '/v1/embeddings', '/v1/moderations'];

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'Anthropic',
    hosts: ['api.anthropic.com'],
    beside: [
      '/api/eval',
      '/api/claude_code',
      '/api/claude_cli',
      '/api/claude_code_penguin_mode',
      '/api/event_logging',
      '/api/hello',
      '/api/oauth',
      '/mcp-registry',
      '/v1/models',
      '/v1/oauth',
    ],
  },
  { name: 'OpenAI', hosts: ['api.openai.com', '*.api.openai.com'], beside: COMPATIBLE },
  {
    // Codex with a ChatGPT login works on this web site's own back end.
    name: 'ChatGPT',
    hosts: ['chatgpt.com', 'chat.openai.com'],
    onlyAt: [
      '/backend-api/codex',
      '/backend-api/conversation',
      '/backend-api/f/conversation',
      '/backend-anon/conversation',
      '/backend-anon/f/conversation',
      '/backend-anon/files',
      '/backend-api/files',
      '/backend-api/ps/mcp',
    ],
    beside: ['/backend-api/codex/models', '/backend-api/codex/analytics-events'],
    announces: { paths: ['/backend-api/wham/accounts/check'], members: ['workspace_backend_origin'] },
  },
  {
    name: 'Google AI Studio',
    hosts: ['generativelanguage.googleapis.com', 'generativelanguage.mtls.googleapis.com'],
    beside: ['/v1beta/models/*:embedContent', '/v1beta/models/*:batchEmbedContents', '/v1beta/openai/models'],
  },
  {
    name: 'Google Vertex AI',
    hosts: [
      'aiplatform.googleapis.com',
      '*-aiplatform.googleapis.com',
      'aiplatform.*.rep.googleapis.com',
      'aiplatform.mtls.googleapis.com',
      '*-aiplatform.mtls.googleapis.com',
    ],
    beside: [],
  },
  {
    name: 'Google Code Assist',
    // Antigravity asks the sandboxes.
    hosts: ['cloudcode-pa.googleapis.com', '*-cloudcode-pa.googleapis.com', '*-cloudcode-pa.sandbox.googleapis.com'],
    beside: [
      '/v1internal:fetchAdminControls',
      '/v1internal:loadCodeAssist',
      '/v1internal:onboardUser',
      '/v1internal:recordCodeAssistMetrics',
      '/v1internal:recordClientEvent',
      '/v1internal:listExperiments',
      '/v1internal:retrieveUserQuota',
      '/v1internal:setCodeAssistGlobalUserSetting',
      '/v1internal:getCodeAssistGlobalUserSetting',
      '/v1internal/operations',
    ],
  },
  {
    name: 'Azure AI',
    hosts: [
      '*.openai.azure.com',
      '*.openai.azure.us',
      '*.cognitiveservices.azure.com',
      '*.services.ai.azure.com',
      '*.models.ai.azure.com',
      '*.inference.ai.azure.com',
    ],
    beside: ['/openai/models', '/openai/v1/models', '/openai/v1/embeddings', '/openai/deployments/*/embeddings', '/anthropic/v1/models'],
  },
  {
    name: 'Amazon Bedrock',
    hosts: [
      'bedrock-runtime.*.amazonaws.com',
      'bedrock-runtime-fips.*.amazonaws.com',
      'bedrock-runtime.*.amazonaws.com.cn',
      'bedrock-runtime.*.api.aws',
      'bedrock-runtime-fips.*.api.aws',
      '*.bedrock-runtime.*.vpce.amazonaws.com',
      'bedrock-mantle.*.api.aws',
    ],
    beside: ['/model/*/count-tokens', '/v1/models', '/anthropic/v1/models'],
  },
  {
    name: 'GitHub Copilot',
    hosts: ['api.githubcopilot.com', '*.githubcopilot.com', 'copilot-api.*.ghe.com'],
    beside: ['/models', '/embeddings', '/telemetry', '/_ping'],
  },
  { name: 'GitHub Models', hosts: ['models.github.ai'], beside: ['/catalog/models', '/inference/embeddings'] },
  { name: 'Groq', hosts: ['api.groq.com'], beside: ['/openai/v1/models'] },
  { name: 'Mistral', hosts: ['api.mistral.ai', 'codestral.mistral.ai'], beside: COMPATIBLE },
  { name: 'DeepSeek', hosts: ['api.deepseek.com'], beside: ['/models', '/v1/models', '/user/balance'] },
  { name: 'xAI', hosts: ['api.x.ai', '*.api.x.ai'], beside: ['/v1/models', '/v1/language-models', '/v1/api-key', '/v1/tokenize-text'] },
  {
    name: 'OpenRouter',
    hosts: ['openrouter.ai'],
    onlyAt: ['/api'],
    beside: ['/api/v1/models', '/api/v1/key', '/api/v1/keys', '/api/v1/auth', '/api/v1/credits', '/api/v1/generation'],
  },
  { name: 'Together', hosts: ['api.together.xyz', 'api.together.ai'], beside: COMPATIBLE },
  { name: 'Fireworks', hosts: ['api.fireworks.ai'], beside: ['/inference/v1/models', '/inference/v1/embeddings'] },
  { name: 'Cerebras', hosts: ['api.cerebras.ai'], beside: ['/v1/models'] },
  { name: 'Perplexity', hosts: ['api.perplexity.ai'] },
  {
    name: 'Cohere',
    hosts: ['api.cohere.com', 'api.cohere.ai'],
    beside: ['/v1/models', '/v1/embed', '/v2/embed', '/v1/rerank', '/v2/rerank', '/v1/tokenize', '/v1/detokenize'],
  },
  { name: 'Moonshot', hosts: ['api.moonshot.ai', 'api.moonshot.cn'], beside: ['/v1/models', '/v1/users', '/v1/tokenizers'] },
  { name: 'Kimi', hosts: ['api.kimi.com', 'api.kimi.ai'], beside: ['/coding/v1/models'] },
  { name: 'Z.ai', hosts: ['api.z.ai', 'open.bigmodel.cn'] },
  {
    name: 'Alibaba Cloud',
    hosts: [
      'dashscope.aliyuncs.com',
      'dashscope-intl.aliyuncs.com',
      'dashscope-us.aliyuncs.com',
      '*.dashscope.aliyuncs.com',
      '*.maas.aliyuncs.com',
    ],
  },
  { name: 'MiniMax', hosts: ['api.minimax.io', 'api.minimaxi.com', 'api.minimax.cn'] },
  { name: 'Volcengine', hosts: ['ark.*.volces.com'] },
  { name: 'Xiaomi', hosts: ['api.xiaomimimo.com', '*.xiaomimimo.com'] },
  { name: 'StepFun', hosts: ['api.stepfun.com', 'api.stepfun.ai'], beside: COMPATIBLE },
  { name: 'SiliconFlow', hosts: ['api.siliconflow.com', 'api.siliconflow.cn'], beside: COMPATIBLE },
  { name: 'Nebius', hosts: ['api.tokenfactory.nebius.com', 'api.studio.nebius.com'], beside: COMPATIBLE },
  { name: 'Novita', hosts: ['api.novita.ai'], beside: ['/openai/v1/models', '/openai/v1/embeddings'] },
  { name: 'Baseten', hosts: ['inference.baseten.co'], beside: COMPATIBLE },
  { name: 'Scaleway', hosts: ['api.scaleway.ai'], beside: COMPATIBLE },
  { name: 'DigitalOcean', hosts: ['inference.do-ai.run'], beside: COMPATIBLE },
  { name: 'Weights & Biases', hosts: ['api.inference.wandb.ai'], beside: COMPATIBLE },
  { name: 'Chutes', hosts: ['llm.chutes.ai'], beside: COMPATIBLE },
  { name: 'Inception', hosts: ['api.inceptionlabs.ai'], beside: COMPATIBLE },
  { name: 'Meta', hosts: ['api.llama.com', 'api.meta.ai'], beside: ['/v1/models', '/compat/v1/models'] },
  { name: 'AI21', hosts: ['api.ai21.com'], beside: ['/studio/v1/models'] },
  { name: 'Upstage', hosts: ['api.upstage.ai'], beside: COMPATIBLE },
  { name: 'Venice', hosts: ['api.venice.ai'], beside: ['/api/v1/models', '/api/v1/embeddings'] },
  { name: 'Poe', hosts: ['api.poe.com'], beside: ['/v1/models'] },
  { name: 'Requesty', hosts: ['router.requesty.ai'], beside: COMPATIBLE },
  { name: 'ZenMux', hosts: ['zenmux.ai'], onlyAt: ['/api'], beside: ['/api/v1/models', '/api/anthropic/v1/models'] },
  { name: 'Cline', hosts: ['api.cline.bot'], beside: ['/api/v1/models'] },
  { name: 'NVIDIA', hosts: ['integrate.api.nvidia.com'], beside: COMPATIBLE },
  { name: 'Hugging Face', hosts: ['router.huggingface.co'], beside: ['/v1/models'] },
  { name: 'SambaNova', hosts: ['api.sambanova.ai'], beside: COMPATIBLE },
  { name: 'DeepInfra', hosts: ['api.deepinfra.com'], beside: ['/v1/openai/models', '/v1/openai/embeddings'] },
  {
    name: 'Ollama',
    hosts: ['ollama.com'],
    onlyAt: ['/api', '/v1'],
    beside: ['/api/tags', '/api/show', '/api/version', '/api/me', '/v1/models'],
  },
  { name: 'OpenCode Zen', hosts: ['opencode.ai'], onlyAt: ['/zen'], beside: ['/zen/v1/models'] },
  { name: 'Vercel AI Gateway', hosts: ['ai-gateway.vercel.sh'], beside: ['/v1/models', '/v1/embeddings', '/v1/credits'] },
  { name: 'Cloudflare AI Gateway', hosts: ['gateway.ai.cloudflare.com'] },
  {
    name: 'Claude on the web',
    hosts: ['claude.ai'],
    onlyAt: [
      '/api/organizations/*/chat_conversations/*/completion',
      '/api/organizations/*/chat_conversations/*/retry_completion',
      '/api/*/upload',
      '/api/organizations/*/upload',
      '/api/*/convert_document',
      '/api/organizations/*/convert_document',
      '/api/organizations/*/conversations',
      '/api/organizations/*/projects',
    ],
    onlyIfAsked: true,
  },
  {
    name: 'Gemini on the web',
    hosts: ['gemini.google.com'],
    onlyAt: [
      '/_/bardchatui/data/assistant.lamda.bardfrontendservice/streamgenerate',
      '/u/*/_/bardchatui/data/assistant.lamda.bardfrontendservice/streamgenerate',
    ],
    onlyIfAsked: true,
  },
  {
    name: 'Microsoft Copilot',
    hosts: ['copilot.microsoft.com'],
    onlyAt: ['/c/api/attachments', '/c/api/chat', '/c/api/conversations'],
    onlyIfAsked: true,
  },
];
