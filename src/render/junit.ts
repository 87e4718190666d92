// JUnit's XML, as GitHub, GitLab and Jenkins read it.

export interface TestCase {
  readonly suite: string;
  readonly name: string;
  readonly seconds?: number;
  readonly failure?: { readonly type: string; readonly message: string };
  /** Why it was not done. */
  readonly skipped?: string;
}

/** The cases by their suites, in the order of the first of each. */
export function renderJunit(name: string, cases: readonly TestCase[]): string {
  const suites = [...new Set(cases.map(({ suite }) => suite))];
  const body = suites.map((suite) =>
    suiteText(
      suite,
      cases.filter((one) => one.suite === suite),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts(name, cases)}>\n${body.join('')}</testsuites>\n`;
}

const suiteText = (suite: string, cases: readonly TestCase[]): string =>
  `  <testsuite ${counts(suite, cases)}>\n${cases.map(caseText).join('')}  </testsuite>\n`;

function counts(name: string, cases: readonly TestCase[]): string {
  const failures = cases.filter(({ failure }) => failure).length;
  const skipped = cases.filter((one) => one.skipped !== undefined).length;
  const time = cases.reduce((sum, { seconds = 0 }) => sum + seconds, 0);
  return `name="${escapeXml(name)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${time}"`;
}

function caseText({ suite, name, seconds = 0, failure, skipped }: TestCase): string {
  const head = `    <testcase classname="${escapeXml(suite)}" name="${escapeXml(name)}" time="${seconds}"`;
  if (skipped !== undefined) return `${head}>\n      <skipped message="${escapeXml(skipped)}"/>\n    </testcase>\n`;
  if (!failure) return `${head}/>\n`;
  const [first = ''] = failure.message.split('\n');
  const attributes = `type="${escapeXml(failure.type)}" message="${escapeXml(first)}"`;
  return `${head}>\n      <failure ${attributes}>${escapeXml(failure.message)}</failure>\n    </testcase>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What XML 1.0 has no place for becomes a question mark. */
const escapeXml = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '?')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
