/** Places: what is special about a path, as data. Patterns are of normalised paths with `/`. */

/** Made by tools and made again. */
export const GENERATED_FOLDERS: ReadonlySet<string> = new Set(
  (
    'node_modules bower_components dist build out target bin obj .cache __pycache__ coverage htmlcov .next .nuxt .svelte-kit .output .astro .turbo .nx ' +
    '.parcel-cache .vite .vitest .angular .expo .docusaurus .gradle .pytest_cache .mypy_cache .ruff_cache .hypothesis .tox .nox .eggs .venv venv ' +
    '.nyc_output .terraform .serverless .aws-sam .dart_tool DerivedData _build deps storybook-static test-results playwright-report cmake-build-debug ' +
    'cmake-build-release tmp temp .tmp .temp logs generated __generated__ .sass-cache .jest-cache .swc .yarn cdk.out .ipynb_checkpoints elm-stuff ' +
    '.stack-work dist-newstyle zig-cache .zig-cache zig-out .wrangler .vercel .netlify .firebase .metro .webpack .rollup.cache .eslintcache .stylelintcache ' +
    'Pods .vs TestResults Debug Release x64 x86 ipch AppPackages .bundle lcov-report _site .jekyll-cache .pub-cache mutants allure-results allure-report reports .scannerwork .pnpm-store bazel-bin bazel-out .sst .serverless_nextjs'
  ).split(' '),
);
export const GENERATED_FILES =
  /^(.*\.(pyc|pyo|o|obj|a|so|dylib|class|log|tmp|temp|swp|swo|orig|rej|tsbuildinfo|gcda|gcno|lcov|prof|pprof|cpuprofile|heapsnapshot|pid|egg-info|whl|tgz|bak|test|out|cover)|\.DS_Store|\.eslintcache|\.stylelintcache|\.coverage(\..*)?|coverage\.(xml|out|txt|html)|junit\.xml|nohup\.out|a\.out|core|npm-debug\.log.*|.*~)$/;

/** Below a workspace: an agent's own settings, and those of programs that act for it. */
export const AGENT_SETTINGS =
  /^(\.claude\/(settings.*\.json|hooks(\/.*)?|plugins(\/.*)?)|\.mcp\.json|\.codex(\/.*)?|\.gemini\/(settings\.json|\.env|extensions(\/.*)?)|\.(cursor|kiro\/settings|roo|amazonq|windsurf|continue|junie)\/(mcp|hooks|settings|cli|config|permissions)\.(json|ya?ml)|\.cursor\/environment\.json|opencode\.jsonc?|\.opencode\/(opencode\.jsonc?|plugins?(\/.*)?|config\.json)|\.aider\.conf\.yml|\.vscode\/mcp\.json)$/;
/** Below a workspace: what makes programs run by themselves. */
export const MACHINERY =
  /^(.*\/)?(\.git(\/(?!COMMIT_EDITMSG$|MERGE_MSG$|info\/exclude$|index\.lock$|.*\.lock$).*)?|\.vscode\/(tasks|settings|launch)\.json|.*\.code-workspace|\.devcontainer\/devcontainer\.json|\.idea\/(runConfigurations|workspace\.xml)(\/.*)?|\.husky\/.*|\.envrc|\.npmrc|\.yarnrc(\.yml)?|\.pypirc|pip\.conf|sitecustomize\.py|usercustomize\.py|\.pdbrc|\.gdbinit|\.lldbinit)$/;

/** Below a home folder: passwords, keys, or a person's history. `?` stands for a space. */
export const SECRET_PLACES: readonly (readonly string[])[] = (
  '.ssh .gnupg .aws .azure .kube .config/gcloud .config/gh .config/op .config/hub .config/glab-cli .config/rclone .config/doctl .config/heroku .config/fly ' +
  '.fly .config/netlify .config/vercel .local/share/com.vercel.cli .vercel .wrangler .config/.wrangler .config/configstore .config/firebase .config/stripe ' +
  '.config/containers/auth.json .config/filezilla .config/sops .config/age .config/hcloud .config/ngrok .config/pypoetry/auth.toml .config/NuGet .config/pip/pip.conf ' +
  '.terraform.d/credentials.tfrc.json .terraformrc .pulumi/credentials.json .cargo/credentials .cargo/credentials.toml .gem/credentials .bundle/config .m2/settings.xml ' +
  '.gradle/gradle.properties .composer/auth.json .config/composer/auth.json .nuget .netrc _netrc .pgpass .my.cnf .mylogin.cnf .npmrc .yarnrc.yml .pypirc .docker/config.json .git-credentials ' +
  '.config/git/credentials .vault-token .password-store .s3cfg .boto .oci .snowflake .databrickscfg .kaggle .huggingface .cache/huggingface/token .env .envrc.private .secrets ' +
  '.claude/.credentials.json .codex/auth.json .gemini/oauth_creds.json .config/github-copilot .config/anthropic .config/openai .local/share/opencode/auth.json .local/share/keyrings .local/share/kwalletd ' +
  '.local/share/holdpoint .mozilla .thunderbird .config/google-chrome .config/google-chrome-beta .config/chromium .config/microsoft-edge .config/vivaldi .config/opera .config/Code/User/globalStorage ' +
  '.config/BraveSoftware .config/Signal .config/Slack .config/discord .electrum .bitcoin .ethereum .config/solana .config/keepassxc .bash_history .zsh_history .python_history .local/share/fish/fish_history ' +
  '.psql_history .mysql_history .node_repl_history .irb_history .sqlite_history .viminfo Library/Keychains Library/Cookies Library/Messages Library/Mail ' +
  'Library/Application?Support/Holdpoint Library/Application?Support/Google Library/Application?Support/Firefox Library/Application?Support/BraveSoftware ' +
  'Library/Application?Support/Slack Library/Application?Support/Code/User/globalStorage Library/Application?Support/com.apple.TCC'
)
  .split(' ')
  .map((place) => place.replaceAll('?', ' ').split('/'));
export const SECRET_FILES =
  /^\/(etc\/(g?shadow|sudoers(\.d(\/.*)?)?|master\.passwd|ssh\/ssh_host_.*key|ssl\/private(\/.*)?|krb5\.keytab|NetworkManager\/system-connections(\/.*)?|openvpn(\/.*)?|wireguard(\/.*)?)|proc\/[^/]+\/(environ|mem)|run\/secrets(\/.*)?|var\/run\/secrets(\/.*)?|Library\/Keychains(\/.*)?|var\/lib\/docker\/secrets(\/.*)?)-?$/;
/** By their names alone: what holds keys wherever it lies. Examples and public halves are not meant. */
export const KEY_FILES =
  /(^|\/)(\.env(\.(?!(example|sample|template|dist|defaults?|schema|test|ci|tpl)s?$)[^/]*)?|[^/]+\.env|\.envrc|id_(rsa|dsa|ecdsa|ed25519)(_sk)?|[^/]+\.(pem|ppk|p12|pfx|jks|keystore|kdbx|key|asc|gpg|ovpn|tfstate|mobileprovision)|[^/]*\.auto\.tfvars|secrets?\.(ya?ml|json|toml|env|ini)|credentials?(\.(json|ya?ml|toml|ini|csv|xml))?|service[-_]?account[^/]*\.json|[^/]*-credentials\.json|client_secret[^/]*\.json|\.htpasswd|\.netrc|\.npmrc|\.pypirc|kubeconfig|master\.key|vault[-_]?pass[^/]*|\.vault[-_]pass[^/]*|wallet\.dat|logins\.json|key4\.db|cookies\.sqlite|Login Data)$/;

/** What is more than one file, or many people's data in one. */
export const DATA_FILES =
  /\.(sqlite3?|db3?|mdb|accdb|sql|dump|bson|rdb|csv|tsv|parquet|xlsx?|bundle|tar|tar\.\w+|tgz|tbz2?|txz|zip|7z|rar|har|pcap|core)$/i;

export const SCRATCH = /^(\/private)?(\/tmp|\/var\/tmp|\/var\/folders\/[^/]+\/[^/]+|\/dev\/shm)\/./;
export const SCRATCH_WHOLE = /^(\/private)?(\/tmp|\/var\/tmp)(\/\*+)?$/;
export const NOWHERE = /^\/dev\/(null|zero|stdin|stdout|stderr|tty|random|urandom|full|fd(\/.*)?|pts\/.*)$/;
export const SYSTEM =
  /^(\/(etc|usr|bin|sbin|lib\w*|boot|sys|proc|var|root|opt|srv|System|Library|Applications|private\/(etc|var))(\/|$)|[A-Za-z]:\\(Windows|Program Files( \(x86\))?|ProgramData)(\\|$))/i;
export const EVERYTHING =
  /^(\/|\/\*+|\/(home|Users|root|etc|usr|var|bin|sbin|lib\w*|boot|opt|System|Library|Applications)(\/\*+)?|\/(home|Users)\/[^/]+(\/\*+)?|[A-Za-z]:\\(\*)?|[A-Za-z]:\\Users(\\[^\\]+)?(\\\*)?)$/;

/** Below a home folder: an agent's own settings. */
export const HOME_AGENT_SETTINGS =
  /^\/(\.mcp\.json|\.claude\.json|\.claude\/(settings.*\.json|hooks(\/.*)?|plugins(\/.*)?)|\.codex\/(config\.toml|hooks.*|rules.*)|\.gemini\/(settings\.json|extensions(\/.*)?)|\.(cursor|kiro\/settings|roo|amazonq|aws\/amazonq|codeium\/windsurf|continue)\/(mcp|hooks|cli-config|permissions|config|mcp_config)\.(json|ya?ml)|\.config\/(opencode|goose|zed\/settings\.json|crush)(\/.*)?|\.aider\.conf\.yml|Library\/Application Support\/Claude\/.*\.json|\.config\/Claude\/.*\.json)$/;
/** Below a home folder: what shells, desktops and programs read when they start. */
export const STARTUP =
  /^\/(\.(bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zshenv|zprofile|zlogin|zlogout|kshrc|cshrc|tcshrc|login|inputrc|xinitrc|xprofile|xsession|xsessionrc|xsessionrc|pam_environment|envrc|vimrc|gvimrc|tmux\.conf|screenrc|gdbinit|lldbinit|gitconfig|npmrc|yarnrc|yarnrc\.yml|pypirc|condarc|gemrc|wgetrc|curlrc|pdbrc|pythonrc(\.py)?|Rprofile|irbrc|pryrc|psqlrc|sqliterc|mailcap|forward|cargo\/config(\.toml)?|bunfig\.toml|m2\/settings\.xml|gradle\/init\.gradle|gradle\/gradle\.properties|gradle\/init\.d\/.*|ssh\/(config|authorized_keys2?|rc|environment)|docker\/config\.json|vim\/.*|oh-my-zsh\/.*)|\.config\/(autostart|systemd|fish|environment\.d|git|nvim|zsh|pip|plasma-workspace|i3|sway|hypr|cargo|uv|nushell|direnv|tmux|kitty)(\/.*)?|\.pip\/pip\.conf|\.config\/Code\/User\/(settings|tasks|keybindings|mcp)\.json|Library\/Application Support\/Code\/User\/.*\.json|Library\/Launch(Agents|Daemons)(\/.*)?|Library\/LoginItems(\/.*)?|\.local\/bin(\/.*)?|bin(\/.*)?|\.local\/share\/(applications|systemd|dbus-1)(\/.*)?|\.local\/lib\/python[^/]*\/site-packages\/.*\.(pth|py)|\.cargo\/bin\/.*|go\/bin\/.*|\.npm-global\/bin\/.*|\.vscode\/extensions\/.*)$/;
export const SYSTEM_STARTUP =
  /^(\/etc\/(cron[^/]*|anacrontab|at\.(allow|deny)|systemd|init\.d|inittab|rc[^/]*|profile(\.d)?|bash\.bashrc|bashrc|zsh|zshrc|zshenv|environment|ld\.so\.(preload|conf(\.d)?)|sudoers(\.d)?|udev|pam\.d|xdg\/autostart|apt\/apt\.conf\.d|NetworkManager\/dispatcher\.d|ssh\/sshd?_config(\.d)?|modules-load\.d|modprobe\.d|update-motd\.d|logrotate\.d|gitconfig|pip\.conf|npmrc|doas\.conf|polkit-1|dbus-1|launchd\.conf|periodic)(\/.*)?|\/(usr\/)?lib\/(systemd|udev)\/.*|\/usr\/(local\/)?s?bin\/.*|\/s?bin\/.*|\/usr\/(local\/)?lib\/.*\/(sitecustomize|usercustomize)\.py|\/usr\/.*\.pth|(\/System)?\/Library\/(Launch(Agents|Daemons)|StartupItems)(\/.*)?|\/var\/spool\/(cron|at)(\/.*)?|\/opt\/homebrew\/bin\/.*|\/root\/\.(bashrc|profile|bash_profile|ssh\/authorized_keys))$/;
/** What Holdpoint itself keeps, and what tells it what to do. */
export const GUARD_SETTINGS =
  /^(\/etc\/holdpoint(\/.*)?|\/Library\/(Managed Preferences\/.*holdpoint.*|Application Support\/Holdpoint(\/.*)?)|.*\/\.config\/holdpoint(\/.*)?|.*\/\.local\/(share|state)\/holdpoint(\/.*)?|.*\/Library\/Application Support\/Holdpoint(\/.*)?|.*\/Library\/LaunchAgents\/[^/]*holdpoint[^/]*|.*\/systemd\/(user|system)\/holdpoint[^/]*|.*\/[^/]*holdpoint[^/]*\.(crt|pem|cer))$/i;
/** Everything in a folder, as a pattern. */
export const ALL_ENTRIES = /[/\\](\*+|\.\*|\.\[[^/]*\]\*|\{\*,\.\*\}|\.\?\?\*)$/;

/** Kinds of files of a project that a person would want to have named: what others run, and what nobody writes by hand. */
const KINDS: readonly (readonly [pattern: RegExp, says: string])[] = [
  [
    /(^|\/)(\.github\/(workflows|actions)\/.*|\.gitlab-ci\.ya?ml|\.circleci\/.*|azure-pipelines.*\.ya?ml|Jenkinsfile|\.drone\.ya?ml|bitbucket-pipelines\.ya?ml|\.buildkite\/.*|\.travis\.ya?ml|cloudbuild\.ya?ml|appveyor\.ya?ml)$/,
    'which this project’s builds run',
  ],
  [
    /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|Cargo\.lock|poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|Gemfile\.lock|composer\.lock|go\.sum|mix\.lock|pubspec\.lock|Podfile\.lock|packages\.lock\.json|flake\.lock|gradle\.lockfile|\.terraform\.lock\.hcl|deno\.lock)$/,
    'a lock file, which says what is installed',
  ],
];

/** `, which this project’s builds run`, or nothing. */
export function kindOfFile(path: string): string {
  const kind = KINDS.find(([pattern]) => pattern.test(path));
  return kind ? `, ${kind[1]}` : '';
}
