/** The assistants on the web: which requests of their pages carry what a person writes or uploads. Data only. */

export interface Page {
  readonly hosts: readonly string[];
  readonly requests: readonly {
    readonly path: RegExp;
    /** How the body is written. `text` is for uploads: what they hold can be read where it is text. */
    readonly form: 'chatgpt' | 'claude' | 'gemini' | 'text';
  }[];
}

export const PAGES: readonly Page[] = [
  {
    hosts: ['chatgpt.com', 'chat.openai.com'],
    requests: [
      { path: /^\/backend-(api|anon)(\/f)?\/conversation(\/prepare)?$/, form: 'chatgpt' },
      { path: /^\/backend-(api|anon)\/files(\/.*)?$/, form: 'text' },
    ],
  },
  {
    hosts: ['claude.ai'],
    requests: [
      { path: /^\/api\/organizations\/[^/]+\/chat_conversations\/[^/]+\/(retry_)?completion$/, form: 'claude' },
      { path: /^\/api\/(organizations\/)?[^/]+\/(upload|convert_document)$/, form: 'text' },
      { path: /^\/api\/organizations\/[^/]+\/(conversations|projects)\/[^/]+\/(.*\/)?(upload|upload-file|docs)$/, form: 'text' },
    ],
  },
  { hosts: ['gemini.google.com'], requests: [{ path: /\/StreamGenerate$/, form: 'gemini' }] },
  { hosts: ['copilot.microsoft.com'], requests: [{ path: /^\/c\/api\/(attachments|chat|conversations)(\/.*)?$/, form: 'text' }] },
];
