// What must not be written down. A word too many is hidden rather than one too few.

export const HIDDEN = '(hidden)';

const WORD =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|token|credential|private[_-]?key|api[_-]?key|access[_-]?key|auth(?:orization)?|bearer|cert(?:data|key)?|keydata|key)s?';

const NAMES_SECRET = new RegExp(`${WORD}$`, 'i');

/** Fields that name a Secret, or where in it something stands. */
const NAMES_PLACE = /(name|namespace|refs?|references?)$/i;

/** Whether a field, a parameter or a variable of this name holds what is secret. */
export const isSecretName = (name: string): boolean => NAMES_SECRET.test(name) && !NAMES_PLACE.test(name);

const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'`;

/** What each text of a form has somewhere, the form, and what is written instead. */
const FORMS: readonly (readonly [readonly string[], RegExp, string])[] = [
  // Logins in URLs.
  [['://'], /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/@]+@/gi, `$1${HIDDEN}@`],
  [['-----BEGIN'], /-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, HIDDEN],
  // Tokens by their forms: JWT, GitHub, GitLab, Slack, AWS; hashes of passwords.
  [['eyJ'], /\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, HIDDEN],
  [
    ['gh', 'glpat-', 'xox', 'AKIA'],
    /\b(gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{8,}|AKIA[A-Z\d]{16})/g,
    HIDDEN,
  ],
  [['$2'], /\$2[aby]\$\d\d\$[\w./]{53}/g, HIDDEN],
  [['b', 'B'], /\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${HIDDEN}`],
  // A block of YAML with all its lines.
  [
    [':'],
    new RegExp(
      String.raw`^( *)((?:- +)?["']?[\w./-]*${WORD}["']? *: *)[|>][-+\d]*\n(?:(?:\1 +\S.*|[ \t]*)\n)*(?:\1 +\S.*)?`,
      'gim',
    ),
    `$1$2${HIDDEN}\n`,
  ],
  // Lines of YAML, of properties, of commands: `password: word`, `--token=word`, `"apiKey": "word"`.
  [
    [':', '='],
    new RegExp(
      String.raw`(?<![\w./-])(["']?[\w./-]*${WORD}["']?[ \t]*[:=][ \t]*)(?!\(hidden\)|\s)(${QUOTED}|[^\s,}][^\n,}]*)`,
      'gi',
    ),
    `$1${HIDDEN}`,
  ],
];

const LONGEST = 200;
/** Nobody's text may take long to look through. */
const LONGEST_READ = 1000;

/** The beginning of a text without what is known for a secret by its form or by the word before it. */
export function withoutSecrets(text: string): string {
  const begin = text.slice(0, LONGEST_READ);
  const hidden = FORMS.reduce(
    (result, [signs, form, instead]) =>
      signs.some((sign) => result.includes(sign)) ? result.replace(form, instead) : result,
    begin,
  );
  const isCut = hidden.length > LONGEST || text.length > LONGEST_READ;
  return isCut ? `${hidden.slice(0, LONGEST)}…` : hidden;
}
