/** Web sites where people talk to models, besides those of the catalogue. They are not looked into: who goes there is only counted. Data only. */

export const AI_SITES: Readonly<Record<string, readonly string[]>> = {
  'Character.AI': ['character.ai', '*.character.ai'],
  'Claude on the web': ['claude.com', '*.claude.ai'],
  'DeepSeek on the web': ['chat.deepseek.com'],
  'Duck.ai': ['duck.ai'],
  'Google AI Studio on the web': ['aistudio.google.com'],
  'Grok on the web': ['grok.com', '*.grok.com'],
  'Kimi on the web': ['kimi.com', 'www.kimi.com', 'kimi.moonshot.cn'],
  Manus: ['manus.im', '*.manus.im'],
  'Meta AI': ['meta.ai', 'www.meta.ai'],
  'Microsoft 365 Copilot': ['m365.cloud.microsoft', 'copilot.cloud.microsoft'],
  'Mistral on the web': ['chat.mistral.ai'],
  NotebookLM: ['notebooklm.google.com'],
  'Perplexity on the web': ['perplexity.ai', 'www.perplexity.ai'],
  'Poe on the web': ['poe.com', 'www.poe.com'],
  'Qwen on the web': ['chat.qwen.ai'],
  'You.com': ['you.com', 'www.you.com'],
  'Z.ai on the web': ['chat.z.ai'],
};
