/** Environment variables that make programs run or load something. */

/** Their value is a command that some program then runs. */
export const RUNNING_VARIABLES: ReadonlySet<string> = new Set(
  'GIT_SSH_COMMAND GIT_SSH GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_PAGER GIT_EXTERNAL_DIFF GIT_ASKPASS SSH_ASKPASS EDITOR VISUAL PAGER MANPAGER BROWSER LESSOPEN PROMPT_COMMAND'.split(
    ' ',
  ),
);

/** Their value makes other programs load code, or changes how they read their settings. */
export const LOADING_VARIABLES =
  /^(LD_.+|DYLD_.+|BASH_ENV|ENV|ZDOTDIR|PYTHONSTARTUP|PYTHONINSPECT|PERL5OPT|RUBYOPT|GIT_CONFIG.*|GIT_EXEC_PATH|GIT_TEMPLATE_DIR)$/;

/** Without them, or with others, what an agent's program asks its model for does not pass Holdpoint. */
export const GUARD_VARIABLES = /^(https?|all)_proxy$/i;

/** The same, for values that name somewhere else. */
export const GUARD_VALUES: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^no_proxy$/i, /(^|[,\s])\*|anthropic|openai|chatgpt|googleapis|githubcopilot/i],
  [/^(ANTHROPIC|OPENAI|GOOGLE_GEMINI|CLAUDE_CODE)\w*_(BASE_)?(URL|ENDPOINT)$/, /^(?!https?:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))./],
];

/** Common settings whose value is code only in some shapes. */
export const LOADING_VALUES: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: /(^|\s)(-r|--require|--import|--loader|--experimental-loader)\b/,
  PATH: /(^|:)(\/private)?\/(tmp|var\/tmp|dev\/shm)(\/|:|$)/,
  JAVA_TOOL_OPTIONS: /-(javaagent|agentlib|agentpath)/,
};
