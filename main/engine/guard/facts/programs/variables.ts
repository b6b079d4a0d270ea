/** Environment variables that make programs run or load something. */

/** Their value is a command that some program then runs. */
export const RUNNING_VARIABLES: ReadonlySet<string> = new Set(
  'GIT_SSH_COMMAND GIT_SSH GIT_EDITOR GIT_SEQUENCE_EDITOR GIT_EXTERNAL_DIFF GIT_ASKPASS SSH_ASKPASS SUDO_ASKPASS EDITOR VISUAL BROWSER LESSOPEN LESSCLOSE PROMPT_COMMAND GIT_PROXY_COMMAND RSYNC_RSH CVS_RSH FCEDIT SUDO_EDITOR'.split(
    ' ',
  ),
);

/** Their value is expanded whenever the shell prints its prompt. */
export const PROMPT_VARIABLES = /^(PS[0-4]|PROMPT|RPROMPT)$/;

/** Their value is a pager, to which something is shown. */
export const PAGER_VARIABLES: ReadonlySet<string> = new Set(
  'PAGER GIT_PAGER MANPAGER SYSTEMD_PAGER BAT_PAGER GH_PAGER AWS_PAGER DELTA_PAGER'.split(' '),
);

/** Their value makes other programs load code, or changes how they read their settings. */
export const LOADING_VARIABLES =
  /^(LD_(?!LIBRARY_PATH$).+|DYLD_(?!(FALLBACK_)?LIBRARY_PATH$).+|BASH_ENV|ENV|ZDOTDIR|PYTHONSTARTUP|PYTHONINSPECT|PYTHONHOME|PYTHONBREAKPOINT|npm_config_(script_shell|shell|node_options|prefix|registry|globalconfig|userconfig)|PERL5OPT|PERL5DB|PERL5LIB|RUBYOPT|RUBYLIB|NODE_PATH|GCONV_PATH|GIT_CONFIG(_GLOBAL|_SYSTEM|_COUNT|_PARAMETERS|_KEY_\d+|_VALUE_\d+)?|GIT_EXEC_PATH|GIT_TEMPLATE_DIR)$/;

/** Without them, or with others, what an agent's program asks its model for does not pass Holdpoint. */
export const GUARD_VARIABLES = /^(https?|all)_proxy$/i;

/** The same, for values that name somewhere else. */
export const GUARD_VALUES: readonly (readonly [name: RegExp, value: RegExp])[] = [
  [/^no_proxy$/i, /(^|[,\s])\*|anthropic|openai|chatgpt|googleapis|githubcopilot|claude\.ai|openrouter|amazonaws|azure/i],
  [/^(ANTHROPIC|OPENAI|GOOGLE_GEMINI|CLAUDE_CODE)\w*_(BASE_)?(URL|ENDPOINT)$/, /^(?!https?:\/\/(localhost|127\.0\.0\.1|\[::1\])([:/]|$))./],
];

/** Common settings whose value is code only in some shapes. */
export const LOADING_VALUES: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: /(^|\s)(-r|--require|--import|--loader|--experimental-loader)\b/,
  PATH: /(^|:)((\/private)?\/(tmp|var\/tmp|dev\/shm)(\/|:|$)|\.?:)/,
  // What a project has built lies below it, or where programs are installed.
  LD_LIBRARY_PATH: /(^|:)((\/private)?\/(tmp|var\/tmp|dev\/shm)(\/|:|$)|\.?(:|$)|~|\/home|\/Users|\.\.)|[\0\ufdd0-\ufdd6]/,
  DYLD_LIBRARY_PATH: /(^|:)((\/private)?\/(tmp|var\/tmp|dev\/shm)(\/|:|$)|\.?(:|$)|~|\/home|\/Users|\.\.)|[\0\ufdd0-\ufdd6]/,
  RUSTC_WRAPPER: /^(?!(sccache|\S*\/sccache|ccache)$)./,
  JAVA_TOOL_OPTIONS: /-(javaagent|agentlib|agentpath)/,
};

/** Whose certificates programs trust; Holdpoint's is among them. Without them they trust nobody that stands in between, or anybody. */
export const TRUST_VARIABLES =
  /^(NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|AWS_CA_BUNDLE|GIT_SSL_CAINFO|DENO_CERT|CARGO_HTTP_CAINFO|HOLDPOINT_\w+)$/;
