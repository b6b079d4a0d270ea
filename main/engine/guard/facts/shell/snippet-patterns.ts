/** What in other languages runs, deletes, writes, connects or makes code: patterns of calls, as data. Bounded, since text is hostile. */

/** Calls that hand a command to the system. A list of words is a command too. */
export const RUNS =
  /\b(?:os\.(?:system|popen|execute|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?)|subprocess\.(?:run|call|Popen|check_output|check_call|getoutput|getstatusoutput)|(?:child_process['"]?\)?\.)?(?:exec|execSync|execFile|execFileSync|spawn|spawnSync|fork)|asyncio\.create_subprocess_(?:shell|exec)|system|shell_exec|passthru|proc_open|popen|pcntl_exec|pty\.spawn|Open3\.\w+|IO\.popen|Process\.(?:spawn|Start|run)|Kernel\.(?:exec|system|spawn)|PTY\.spawn|qx|System\.cmd|System\.shell|Bun\.spawn|Bun\.spawnSync|Deno\.(?:run|Command)|execa|execaSync|execaCommand|ShellExecute|getRuntime\(\)\.exec|ProcessBuilder|sh\.exec|shell\.exec)\s*\(|\bsystem\s+(?=["'])|\bexec\s+(?=["'])|\bdo shell script\s+(?=")|\bnew Deno\.Command\s*\(|\brun\s*\((?=`)|(?<=\$)(?=`)/g;
/** Perl and Ruby need no parentheses. */
export const RUNS_BARE = /\b(?:system|exec)\s+(?=[\w$@%])/g;
/** Code that makes code, or reaches for what can act by a name that is put together. */
export const MAKES_CODE =
  /(?<![.\w$])(?:eval|exec|compile|Function|execfile|runpy\.run_\w+)\s*\(|\(\s*(?:eval|exec)\s*[,)]|\b(?:instance|class|module)_eval\b|\b__import__\s*\(|\bimportlib\.import_module\s*\(|(?<![.\w])import\s*\(\s*(?!["'`])|\brequire\s*\(\s*(?!["'`])[\w$([]|%x[({[]|\b(?:marshal|pickle|dill|cloudpickle|yaml)\.(?:unsafe_)?loads?\b\s*\((?![^)]*SafeLoader)|\bgetattr\s*\(\s*(?:os|subprocess|sys|shutil|builtins|__builtins__|socket|importlib)\b|\bglobals\s*\(\s*\)\s*\[|\b__builtins__\b|\bvm\.run\w+\s*\(|\bprocess\.(?:binding|dlopen)\b|\bctypes\.|\bassert\s*\(\s*\$_|\bcreate_function\s*\(|\bcall_user_func\w*\s*\(|\bInvoke-Expression\b|\.constructor\s*\(\s*["'`]|\bglobalThis\s*\[|\bprocess\.mainModule\b|(?<![\w.])(?:send|public_send|__send__)\s*\(\s*(?!:|["'](?!system|exec|eval))/;
/** Perl and Ruby: `eval EXPR`; a block in braces only catches errors. */
export const MAKES_CODE_BARE = /(?<![.\w$'"])eval\s+(?![{\s])|\bdo\s+["'][^"']{0,200}["']/;
export const DELETES =
  /\b(?:shutil\.rmtree|os\.(?:remove|unlink|removedirs|rmdir)|(?:fs\.|fsPromises\.|promises\.|Deno\.|fse\.)?(?:rmSync|rmdirSync|unlinkSync|removeSync|emptyDirSync|unlink|rmdir|rm|remove)|rimraf(?:['"]?\))?(?:\.sync)?|FileUtils\.(?:rm\w*|remove\w*)|File\.(?:delete|unlink|rm\w*)|Dir\.(?:delete|rmdir|unlink)|rmtree|remove_tree|rm_rf!?|file\.remove|Deno\.remove|Files\.(?:delete|deleteIfExists))\s*\(|\bFileUtils\.rm\w*\s+(?=["'\w])|\b(?:unlink|rmtree)\s+(?=["'$@\w])|\bfile\s+delete\s+(?:-force\s+)?(?=["'\w/~])/g;
/** A deletion that is handed on as a value: `map(os.remove, …)`, `array_map("unlink", …)`. */
export const DELETES_EACH =
  /\b(?:array_map|array_walk|map|forEach|each|for_each|lapply|sapply|invisible)\s*\(\s*(?:["']?(?:unlink|rmdir)["']?|os\.(?:remove|unlink|rmdir)|shutil\.rmtree|(?:fs\.|fsPromises\.)?(?:unlink|rm|rmdir)(?:Sync)?|rimraf(?:\.sync)?)\b/g;
/** Deletions that take what is in a folder too. */
export const WHOLE = /rmtree|rimraf|rm_r|rm_rf|remove_(?:entry|dir|tree)|emptyDir|removeSync/;
export const WRITES =
  /\b(?:writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|outputFile(?:Sync)?|file_put_contents|File\.write|IO\.write|Bun\.write|writeTextFile(?:Sync)?|writeLines|saveRDS|write\.csv|spurt)\s*\(|\b(?:open|fopen|File\.open|io\.open|codecs\.open)\s*\(?\s*(?=\s*[rbuf]?["'][^"'\n]{0,400}["']\s*,\s*(?:mode\s*=\s*)?["'][wax+])/g;
export const READS =
  /\b(?:readFileSync|readFile|createReadStream|file_get_contents|File\.(?:read|open|readlines|binread)|IO\.read|readTextFile(?:Sync)?|Bun\.file|fopen|readfile|file|io\.open|open|slurp|read_text|readLines|read\.csv|read_csv|np\.load|Path)\s*\(\s*/g;
/** What becomes of the second of two paths; the first is read. */
export const COPIES =
  /\b(?:copyFileSync|copyFile|cpSync|renameSync|symlinkSync|linkSync|copySync|moveSync|shutil\.(?:copy\w*|move)|os\.(?:rename|replace|symlink|link)|FileUtils\.(?:cp\w*|mv|ln\w*)|File\.(?:rename|symlink|link)|copy|rename|symlink|Deno\.(?:rename|copyFile|symlink)(?:Sync)?)\s*\(/g;
export const EMPTIES = /\b(?:os\.truncate|(?:fs\.)?truncate(?:Sync)?|File\.truncate|ftruncate)\s*\(/g;
/** pathlib: the path comes first. */
export const PATHLIB =
  /\bPath\(\s*[rbuf]?(["'])((?:\\.|(?!\1)[^\\\n]){0,400})\1\s*\)(?:\.(?:expanduser|resolve|absolute)\(\))*\.(write_text|write_bytes|touch|mkdir|unlink|rmdir|open\(\s*["'][wax])/g;
/** What deletes by a name that is not known here: `p.unlink()`, `.remove()` of a path. */
export const PATHLIB_LOOSE = /[\w)\]]\.(unlink|rmdir)\s*\(\s*(?:missing_ok\s*=\s*\w+\s*)?\)/g;
/** Perl opens a command as if it were a file: `open(F, "|sh")`, `open(F, "-|", "ls")`, `open(F, "ls|")`. */
export const PIPE_OPEN =
  /\bopen(?:\s*\(\s*|\s+)(?:my\s+)?[$\w]+\s*,\s*(?:["']\s*\|(?!-)\s*([^"'\n]{0,400})["']|["'](?:-\||\|-)["']\s*,\s*["']([^"'\n]{0,400})["']|["']([^"'|\n]{1,400})\|["'])/g;
/** Groovy: `"ls".execute()`. */
export const TEXT_EXECUTE = /(["'])((?:\\.|(?!\1)[^\\\n]){1,400})\1\.execute\s*\(/g;
/** Packages that code installs. */
export const INSTALLS =
  /\b(?:install\.packages|remotes::install_\w+|devtools::install_\w+|BiocManager::install|Pkg\.(?:add|develop|clone)|pip\.main|pip\._internal|Mix\.install|Grape|gem_install|quicklisp|ql:quickload)\s*\(/g;
export const PERL_OPEN = /\bopen(?:\s*\(\s*|\s+)(?:my\s+)?[$\w]+\s*,\s*["']\+?>>?["']\s*,(?=\s*["'])/g;
/** Every quoted text; a place where passwords are kept is told wherever it is named. */
export const LITERALS = /"((?:\\.|[^"\\\n]){0,400})"|'((?:\\.|[^'\\\n]){0,400})'/g;
/** Where such a word stands, a file that starts programs is taken to be written. */
export const CHANGES_FILES = /write|append|copy|rename|symlink|truncate|open\([^)]{0,200},\s*["'][wa]|>>/i;
export const MAYBE_SECRET =
  /(^|[/~])\.[a-z]|^\/(etc|proc|run|var\/run)\/|Library\/|\.(pem|key|kdbx|p12|pfx)$|(^|\/)(credentials|id_[a-z0-9]+)/i;
/** Raw connections, whoever listens at the other end. */
export const CONNECTS =
  /\bsocket\.(?:create_connection|connect)\s*\(|\.connect(?:_ex)?\s*\(\s*(?:\(\s*["']|\d)|\b(?:net|tls|dgram|http2)\.(?:connect|createConnection|createSocket)\s*\(|\bDeno\.connect\w*\s*\(|\bnew WebSocket\s*\(|\bTCPSocket\.(?:open|new)\b|\bUDPSocket\.new\b|\bfsockopen\s*\(|\bpfsockopen\s*\(|\bstream_socket_client\s*\(|\b(?:use|require)\s+(?:IO::)?Socket\b|\bsmtplib\.SMTP\w*\s*\(|\bftplib\.FTP\w*\s*\(|\bparamiko\.|\bIO::Socket::\w+->new\b|\bNet::(?:SMTP|FTP|SSH)\b|\btelnetlib\./g;
/** A name that is looked up takes along what it is put together from. */
export const LOOKS_UP =
  /\b(?:socket\.(?:gethostbyname|getaddrinfo)|dns\.(?:lookup|resolve\w*|promises\.\w+)|gethostbyname|dns_get_record|Resolv\.getaddress|checkdnsrr)\s*\(\s*(?!["'][^"']*["']\s*[,)])/g;
/** What makes of a request more than a question. */
export const SENDS =
  /^\s*(?:[+%.]|,?[^;\n]{0,200}?\b(?:data|json|body|files|method|content|params)\b\s*[:=]|,\s*(?:\w+\s*=\s*)?(?:open|dict|str|json|os|fs|JSON|process|File|\w+\.read)\b)/;
/** Verbs that send whatever the rest says. */
export const SENDING_VERB = /\b(?:post|put|patch|post_form|put_form|postForm|sendmail|upload)\w*\s*\($/i;
export const FETCHES =
  /\b(?:requests\.\w+|urllib\d?\.request\.\w+|urllib\.urlopen|\w{1,20}\.urlopen|urlopen|urlretrieve|fetch|axios(?:\.\w+)?|got(?:\.\w+)?|ky(?:\.\w+)?|needle|superagent\.\w+|https?(?:['"]\))?\.(?:get|request)|Net::HTTP\.\w+|LWP::\w+|httpx\.\w+|aiohttp\.\w+|URI\.(?:open|parse|\w+)|URI|open-uri|HTTParty\.\w+|Faraday\.\w+|RestClient\.\w+|file_get_contents|curl_init|curl_setopt|readfile|download\.file|HTTP\.(?:get|post|put)|Req\.\w+|getstore|getprint|mirror|(?<=^|[;\s(=])(?:get|post)|UserAgent->new->(?:get|post|put)|->(?:get|post|put|post_form|put_form|patch|request)|\.(?:get|post|put|patch|request))\s*\(|\b(?:import|require)\b[^\n]{0,200}\b(?:paramiko|smtplib|ftplib|telnetlib)\b|\bURI\.open\s+(?=["'])|\bget\s+(?=["']https?:)/g;
/** All variables of the environment. */
export const WHOLE_ENVIRONMENT =
  /(?<!Object\.keys\()\bprocess\.env\b(?!\s*(?:[.[]|\?\.))|(?<!len\(|list\(|sorted\(|in )\bos\.environ\b(?!\s*(?:\[|\.get\b|\.keys\b|\.pop\b|\.setdefault\b|b\b))|\bENV\.(?:to_h|to_a|each|inspect|map|sort)\b|%ENV\b|\bgetenv\s*\(\s*\)|\$_(?:ENV|SERVER)\b(?!\s*\[)|\bDeno\.env\.toObject\b|\bBun\.env\b(?!\s*[.[])|\bSys\.getenv\(\)/;
/** One of them, by a name. */
export const ONE_VARIABLE =
  /\bprocess\.env(?:\.|\[\s*["'])(\w+)|\bos\.(?:environ\s*(?:\[|\.get\(|\.pop\()|getenv\()\s*["'](\w+)|\bENV\[\s*["'](\w+)|\$ENV\{["']?(\w+)|\bgetenv\s*\(\s*["'](\w+)|\bDeno\.env\.get\(\s*["'](\w+)/g;
/** Takes one of the variables away, or gives it another value, that lead a program's requests past Holdpoint or not. */
export const LEADS_AWAY =
  /\bdelete\s+(?:process\.env(?:\.|\[\s*["'])|\$ENV\{\s*["']?)(\w+)|\bos\.environ\.pop\(\s*["'](\w+)|\bdel\s+os\.environ\[\s*["'](\w+)|\bos\.unsetenv\(\s*["'](\w+)|\bENV\.delete\(\s*["'](\w+)|\bputenv\(\s*["'](\w+)|\b(?:process\.env(?:\.|\[\s*["'])|os\.environ\[\s*["']|ENV\[\s*["']|\$ENV\{\s*["']?)(\w+)["'\]}]*\s*=(?!=)|\bDeno\.env\.(?:delete|set)\(\s*["'](\w+)/g;
/** A shell with nothing to read in this text is told elsewhere what to do. */
export const BARE_SHELL = /^\s*'?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k)?sh'?(?:\s+'?-i'?)?(?:\s+[<>0-9&][^|;]*|\s*)$/;
