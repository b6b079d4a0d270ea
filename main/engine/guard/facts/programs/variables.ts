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

/** Common settings whose value is code only in some shapes. */
export const LOADING_VALUES: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: /(^|\s)(-r|--require|--import|--loader|--experimental-loader)\b/,
  JAVA_TOOL_OPTIONS: /-(javaagent|agentlib|agentpath)/,
};
