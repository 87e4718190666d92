// What kubectl prints by the same templates of the same object (kubectl create deployment … --dry-run=client -o go-template=…).

import { describe, expect, test } from 'vitest';
import { goTemplate } from '../../../src/core/go-template/run.ts';
import type { Json } from '../../../src/core/json.ts';

const DEPLOYMENT: Json = {
  kind: 'Deployment',
  apiVersion: 'apps/v1',
  metadata: { name: 'web', creationTimestamp: null, labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { creationTimestamp: null, labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'b', image: 'a/b:1', resources: {} },
          { name: 'c', image: 'c:2', resources: {} },
        ],
      },
    },
    strategy: {},
  },
  status: {},
};

test.each<[string, string]>([
  ['{{.metadata.name}}', 'web'],
  ['{{.nope}}', '<no value>'],
  ['{{.nope.deeper.more}}', '<no value>'],
  ['{{.spec.replicas}}', '3'],
  [
    '{{.spec.template.spec.containers}}',
    '[map[image:a/b:1 name:b resources:map[]] map[image:c:2 name:c resources:map[]]]',
  ],
  ['{{.metadata}}', 'map[creationTimestamp:<nil> labels:map[app:web] name:web]'],
  ['{{range .spec.template.spec.containers}}{{.name}}={{.image}}{{"\\n"}}{{end}}', 'b=a/b:1\nc=c:2\n'],
  ['{{range $i, $c := .spec.template.spec.containers}}{{$i}}:{{$c.name}} {{end}}', '0:b 1:c '],
  ['{{range $c := .spec.template.spec.containers}}{{$c.name}},{{$.kind}} {{end}}', 'b,Deployment c,Deployment '],
  ['{{range .nope}}x{{else}}none{{end}}', 'none'],
  ['{{range $k, $v := .metadata.labels}}{{$k}}={{$v}};{{end}}', 'app=web;'],
  ['{{if eq .kind "Deployment"}}yes{{else}}no{{end}}', 'yes'],
  ['{{if gt .spec.replicas 2}}many{{else if eq .spec.replicas 1}}one{{end}}', 'many'],
  ['{{with .metadata}}{{.name}}{{end}}', 'web'],
  ['{{with .nope}}x{{else}}y{{end}}', 'y'],
  ['{{len .spec.template.spec.containers}} {{len .metadata.name}} {{len .metadata.labels}}', '2 3 1'],
  ['{{index .metadata.labels "app"}}', 'web'],
  ['{{(index .spec.template.spec.containers 1).image}}', 'c:2'],
  ['{{printf "%s has %d" .metadata.name .spec.replicas}}', 'web has 3'],
  ['{{printf "%-10s|%5s|%05d|%q" .metadata.name "x" 42 "a\\"b"}}', 'web       |    x|00042|"a\\"b"'],
  [
    '{{printf "%v %v %v" .metadata .spec.replicas true}}',
    'map[creationTimestamp:<nil> labels:map[app:web] name:web] 3 true',
  ],
  ['{{printf "%d" "x"}}', '%!d(string=x)'],
  ['{{printf "%s"}}', '%!s(MISSING)'],
  ['{{printf "%s" "a" "b"}}', 'a%!(EXTRA string=b)'],
  ['{{printf "%.2f %t %x %T" 1.5 true 255 .spec.replicas}}', '1.50 true ff int64'],
  ['{{print "a" "b" 1 2 true}}', 'ab1 2 true'],
  ['{{println "a" 1}}', 'a 1\n'],
  ['{{ .metadata.name | printf "%s!" }}', 'web!'],
  ['{{- /* c */ -}} x {{- "y" -}} z', 'xyz'],
  ['{{$x := 5}}{{$x}}{{$x = 6}}{{$x}}', '56'],
  ['{{if and .metadata.name .nope}}t{{else}}f{{end}}', 'f'],
  ['{{or .nope .kind "z"}}', 'Deployment'],
  ['{{not .nope}}', 'true'],
  ['{{"YWJj" | base64decode}}', 'abc'],
  ['{{html "<a>"}} {{urlquery "a b&c"}} {{js "it\'s"}}', "&lt;a&gt; a+b%26c it\\'s"],
  ['{{slice .metadata.name 1 2}}', 'e'],
  ['{{range .spec.template.spec.containers}}{{if eq .name "c"}}{{break}}{{end}}{{.name}}{{end}}', 'b'],
  [
    '{{true}} {{.}}',
    'true map[apiVersion:apps/v1 kind:Deployment metadata:map[creationTimestamp:<nil> labels:map[app:web] name:web] spec:map[replicas:3 selector:map[matchLabels:map[app:web]] strategy:map[] template:map[metadata:map[creationTimestamp:<nil> labels:map[app:web]] spec:map[containers:[map[image:a/b:1 name:b resources:map[]] map[image:c:2 name:c resources:map[]]]]]] status:map[]]',
  ],
  ['{{eq 1 2 1}} {{ne "a" "b"}} {{le 2 2}}', 'true true true'],
  ['{{.spec.template.metadata.creationTimestamp}}', '<no value>'],
  ['{{exists . "metadata" "name"}}', 'true'],
  ['{{range 3}}{{.}}{{end}}', '012'],
  ['{{`raw\\n`}}', 'raw\\n'],
  ['{{"tab\\t"}}', 'tab\t'],
  ['{{.metadata.labels.app}}{{.status}}', 'webmap[]'],
  ['{{index . "kind"}}', 'Deployment'],
  ['{{with $n := .metadata.name}}{{$n}}{{end}}', 'web'],
  ['{{.spec.strategy}}', 'map[]'],
  ['{{range $k, $v := .}}{{$k}} {{end}}', 'apiVersion kind metadata spec status '],
])('%s', (template, text) => {
  expect(goTemplate(template)(DEPLOYMENT)).toBe(text);
});

describe('kubectl refuses', () => {
  test.each([
    '{{index .spec.template.spec.containers 5}}',
    '{{.metadata.name.foo}}',
    '{{foo}}',
    '{{if}}',
    '{{end}}',
    '{{lt 1 "a"}}',
    '{{"a" "b"}}',
    '{{range .x}}',
    '{{',
    '{{.a',
    '{{"a}}',
    '{{if .a}}{{else}}',
    '{{$x}}',
    '{{. | foo}}',
    '{{template "x"}}',
    '{{len 5}}',
  ])('%s', (template) => {
    expect(() => goTemplate(template)(DEPLOYMENT)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

test('a function that is none is refused before there is a value', () => {
  expect(() => goTemplate('{{if .never}}{{foo}}{{end}}')).toThrow('function "foo" not defined');
});
