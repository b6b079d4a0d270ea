/** Whose words a tool's result is: what comes from the network, or from a server of somebody else's, is nobody's here. */

/** Names of tools that bring in what others wrote. */
const FETCHES =
  /^mcp__|fetch|browse|web|http|url|crawl|scrape|search_?(?:web|internet)|google_|email|inbox|issue|pull_?request|ticket|slack|jira/i;
/** Commands that do. */
const FETCHING =
  /\b(?:curl|wget|http|https|xh|lynx|w3m|aria2c|invoke-webrequest|iwr|irm|invoke-restmethod)\b|\bgh\s+(?:issue|pr|api|search|gist)\b|\bglab\s+(?:issue|mr|api)\b|\bgit\s+(?:clone|log|show)\s+https?:/i;
/** Files that others wrote though they lie here. */
const OTHERS_FILES = /(?<![\w.-])(?:node_modules|site-packages|vendor|third_party|\.cargo[/\\]registry|go[/\\]pkg[/\\]mod|downloads)[/\\]/i;

/** `call`: the text of a `tool_call` block: its name and input as JSON. */
export function bringsOthersWords(call: string): boolean {
  const head = call.slice(0, MOST_CALL);
  const name = /"name"\s*:\s*"((?:[^"\\]|\\.){0,200})"/.exec(head)?.[1] ?? '';
  return FETCHES.test(name) || FETCHING.test(head) || OTHERS_FILES.test(head);
}

const MOST_CALL = 16 * 1024;
