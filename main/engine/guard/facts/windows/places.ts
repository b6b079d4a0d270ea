/** Places on Windows, as data. Patterns are of what stands below a home folder or of whole paths, with `/`, in any case. */

/** A drive or a share: absolute on Windows, whatever machine this is. */
export const WINDOWS_ABSOLUTE = /^(?:[A-Za-z]:(?:[\\/]|$)|\\\\[^\\/])/;

/** Below a home folder: passwords, keys, browsers' profiles, a person's history. */
export const WINDOWS_SECRET_HOME =
  /^\/AppData\/(Local|Roaming|LocalLow)\/(Google\/(Chrome|Chrome Beta|Chrome SxS)|Microsoft\/Edge( \w+)?\/User Data|BraveSoftware|Vivaldi|Opera Software|Chromium|Mozilla|Thunderbird|Microsoft\/(Credentials|Protect|Vault|Crypto|SystemCertificates|TokenBroker|IdentityCache|OneAuth)|Microsoft\/Windows\/PowerShell\/PSReadLine|gcloud|GitHub CLI|NuGet\/NuGet\.Config|Bitwarden[^/]*|1Password|KeePass|Signal|Slack|discord|Telegram Desktop|Code\/User\/globalStorage|FileZilla|gnupg|npm-cache\/_logs|Holdpoint|Composer\/auth\.json|Claude\/(config|claude_desktop_config)\.json|Packages\/Microsoft\.AAD[^/]*)(\/|$)/i;

/** Whole paths: the machine's own accounts and keys. */
export const WINDOWS_SECRET_FILES =
  /^(\w:\/Windows\/(System32\/config(\/(SAM|SECURITY|SYSTEM|DEFAULT|RegBack).*)?|NTDS(\/.*)?|repair\/.*|Panther\/.*unattend.*)|\w:\/ProgramData\/(Microsoft\/(Crypto|Vault|Credentials|Protect)|ssh\/.*key.*|Holdpoint)(\/.*)?|\w:\/(unattend|sysprep)[^/]*\.(xml|inf))$/i;

/** Below a home folder: what starts with the person's session, with PowerShell, or with an editor. */
export const WINDOWS_STARTUP_HOME =
  /^\/(AppData\/Roaming\/Microsoft\/Windows\/Start Menu\/Programs\/Startup|(OneDrive[^/]*\/)?Documents\/(Windows)?PowerShell\/([^/]*profile\.ps1|Modules(\/.*)?|Scripts(\/.*)?)|\.config\/powershell\/[^/]*profile\.ps1|\.local\/share\/powershell\/Modules|AppData\/Roaming\/(Code|Cursor)\/User\/(settings|tasks|keybindings|mcp)\.json|AppData\/Local\/Microsoft\/WindowsApps|AppData\/Roaming\/npm\/[^/]+|AppData\/Local\/(Microsoft\/)?(Windows Terminal|Packages\/Microsoft\.WindowsTerminal[^/]*\/LocalState)\/[^/]*\.json|AppData\/Roaming\/(Microsoft\/(Word\/STARTUP|Excel\/XLSTART|AddIns|Templates)|Claude\/claude_desktop_config\.json|NuGet\/NuGet\.Config|pip\/pip\.ini|Subversion))(\/.*)?$/i;

export const WINDOWS_STARTUP =
  /^(\w:\/ProgramData\/Microsoft\/Windows\/Start Menu\/Programs\/StartUp|\w:\/Windows\/(System32\/(Tasks|GroupPolicy|WindowsPowerShell\/v1\.0\/[^/]*profile\.ps1|drivers\/etc)|Tasks|SysWOW64\/WindowsPowerShell\/v1\.0\/[^/]*profile\.ps1)|\w:\/Program Files\/PowerShell\/\d+\/[^/]*profile\.ps1|\w:\/Program Files\/(WindowsPowerShell|PowerShell)\/Modules|\w:\/ProgramData\/(ssh|chocolatey\/(bin|lib))|\w:\/autoexec\.bat)(\/.*)?$/i;

export const WINDOWS_SCRATCH = /^\w:\/(Users\/[^/]+\/AppData\/Local\/Temp|Windows\/Temp|Temp|Tmp)\/./i;
export const WINDOWS_SCRATCH_WHOLE = /^\w:\/(Users\/[^/]+\/AppData\/Local\/Temp|Windows\/Temp|Temp|Tmp)(\/\*+(\.\*)?)?$/i;

/** The machine's own folders, or a person's, as a whole. */
export const WINDOWS_EVERYTHING =
  /^\w:(\/(\*(\.\*)?)?|\/(Users(\/[^/]+(\/AppData(\/(Local|Roaming))?)?)?|Windows(\/System32)?|Program Files( \(x86\))?|ProgramData)(\/\*(\.\*)?)?)?$/i;

/** Folders below home where a person keeps what is theirs: to lose one is to lose what nobody can make again. */
export const WINDOWS_HOME = /^\w:\/(?:Users|Documents and Settings)\/[^/]+(\/.*)$/i;
