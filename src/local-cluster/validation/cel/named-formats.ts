// The formats that expressions can ask for by name: `format.dns1123Label().validate(self.name)`.

import type { Environment } from '@marcbachmann/cel-js';
import { labelValueProblems, qualifiedProblems } from '../../../objects/label-names.ts';
import { labelProblems, serviceProblems, subdomainProblems } from '../names.ts';
import type { MakeOptional } from './missable.ts';

type Problems = (value: string) => readonly string[];

/** What a name begins with: its end stands for what is put after it. */
const asPrefix =
  (problems: Problems): Problems =>
  (value) =>
    problems(value.endsWith('-') ? `${value.slice(0, -1)}a` : value);

const shaped =
  (form: RegExp, why: string): Problems =>
  (value) =>
    form.test(value) ? [] : [why];

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const isDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};
const DATE_TIME = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

const uri: Problems = (value) =>
  value.startsWith('/') || (/^[a-z][a-z0-9+.-]*:/i.test(value) && URL.canParse(value))
    ? []
    : [`parse ${JSON.stringify(value)}: invalid URI for request`];

const FORMATS: Readonly<Record<string, Problems>> = {
  dns1123Label: labelProblems,
  dns1123Subdomain: subdomainProblems,
  dns1035Label: serviceProblems,
  dns1123LabelPrefix: asPrefix(labelProblems),
  dns1123SubdomainPrefix: asPrefix(subdomainProblems),
  dns1035LabelPrefix: asPrefix(serviceProblems),
  qualifiedName: qualifiedProblems,
  labelValue: labelValueProblems,
  uri,
  uuid: shaped(UUID, 'does not match the UUID format'),
  byte: shaped(BASE64, 'invalid base64'),
  date: (value) => (/^\d{4}-\d\d-\d\d$/.test(value) && isDate(value) ? [] : ['invalid date']),
  datetime: (value) => (isDate(DATE_TIME.exec(value)?.[1] ?? '-') ? [] : ['invalid datetime']),
};

class Format {
  readonly problems: Problems;
  constructor(problems: Problems) {
    this.problems = problems;
  }
}

/** The namespace of formats. */
class FormatNames {}

export function registerFormats(environment: Environment, optionalOf: MakeOptional): void {
  const type = 'kubernetes.NamedFormat';
  const validate = ({ problems }: Format, text: string): unknown => {
    const found = problems(text);
    return optionalOf(found.length === 0 ? undefined : [...found]);
  };
  const named = (_names: FormatNames, name: string): unknown => {
    const problems = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
    return optionalOf(problems && new Format(problems));
  };
  environment
    .registerType(type, { ctor: Format, fields: {} })
    .registerOperator(`${type} == ${type}`, (a: Format, b: Format) => a.problems === b.problems)
    .registerType('FormatNames', { ctor: FormatNames, fields: {} })
    .registerConstant('format', 'FormatNames', new FormatNames())
    .registerFunction(`${type}.validate(string): optional<list<string>>`, validate)
    .registerFunction(`FormatNames.named(string): optional<${type}>`, named);
  for (const [name, problems] of Object.entries(FORMATS))
    environment.registerFunction(`FormatNames.${name}(): ${type}`, () => new Format(problems));
}
