/** Keys of providers of models, and of what is built around them. */

import { B62, HEX, looksRandom, rule, type SecretRule, token, URL64, WORD } from './rule.ts';

export const MODEL_RULES: readonly SecretRule[] = [
  rule('anthropic-key', ['sk-ant-'], /sk-ant-[a-z]{2,8}\d{0,3}-[\w-]{20,255}/y, { tail: WORD }),
  rule('openrouter-key', ['sk-or-'], /sk-or-v\d-[0-9a-f]{40,80}/y),
  rule('openai-key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], /sk-[A-Za-z]{4,8}-[\w-]{20,255}/y, { tail: WORD }),
  rule('langfuse-key', ['sk-lf-'], /sk-lf-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/y),
  rule('openai-key', ['sk-'], /sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}/y),
  // The older keys of OpenAI, and the many services that copied their shape.
  rule('api-key', ['sk-'], /sk-[A-Za-z0-9]{32,64}(?![\w-])/y, { check: looksRandom }),
  rule('api-key', ['sk_'], /sk_[a-f0-9]{48}(?!\w)/y, { check: looksRandom }),
  rule('huggingface-token', ['hf_'], /hf_[A-Za-z]{34}(?![A-Za-z0-9])/y, {
    check: (value) => /[A-Z]/.test(value) && /[a-z]{2}/.test(value.slice(3)),
  }),
  token('huggingface-token', 'api_org_', B62, 34),
  token('groq-key', 'gsk_', B62, 48, 56),
  token('xai-key', 'xai-', B62, 70, 90),
  token('perplexity-key', 'pplx-', B62, 40, 64),
  token('replicate-token', 'r8_', B62, 37, 40, { check: looksRandom }),
  token('langsmith-key', 'lsv2_pt_', `${HEX}_`, 40, 60),
  token('langsmith-key', 'lsv2_sk_', `${HEX}_`, 40, 60),
  token('nvidia-key', 'nvapi-', URL64, 40, 90),
  token('pinecone-key', 'pcsk_', `${B62}_`, 50, 90),
  token('cerebras-key', 'csk-', B62, 40, 60, { check: looksRandom }),
  token('together-key', 'tgp_v1_', URL64, 30, 60),
  token('fireworks-key', 'fw_', B62, 20, 40, { check: looksRandom }),
  token('voyage-key', 'pa-', URL64, 40, 50, { check: looksRandom }),
  token('jina-key', 'jina_', URL64, 50, 80),
  token('tavily-key', 'tvly-', URL64, 30, 60),
  token('firecrawl-key', 'fc-', HEX, 32, 32, { check: looksRandom }),
  token('apify-token', 'apify_api_', B62, 30, 50),
  token('e2b-key', 'e2b_', HEX, 40, 64),
  token('wandb-key', 'wandb_v1_', URL64, 30, 120),
  token('wandb-key', 'local-', HEX, 40, 40, { check: looksRandom }),
  token('cursor-key', 'crsr_', HEX, 40, 80),
  token('brave-key', 'BSA', URL64, 27, 30, { check: looksRandom }),
  token('gemini-key', 'AQ.Ab8', URL64, 40, 80),
  rule('azure-openai-key', ['JQQJ99'], /[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{22,30}(?![A-Za-z0-9])/y, { lead: 52 }),
];
