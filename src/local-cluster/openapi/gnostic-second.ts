// OpenAPI's second version in protobuf: the messages of gnostic, as far as our documents need them.

import { isObject } from '../../core/json.ts';
import { VARINT } from '../protobuf/writer.ts';
import { createEncoder, flag, pairs, text, type Write, wrapped } from './gnostic.ts';

const MESSAGES = {
  Document: ['swagger 1 string', 'info 2 Info', 'paths 8 Paths', 'definitions 9 Definitions'],
  Info: ['title 1 string', 'version 2 string'],
  PathItem: [
    'get 2 Operation',
    'put 3 Operation',
    'post 4 Operation',
    'delete 5 Operation',
    'patch 8 Operation',
    'parameters 9 []ParametersItem',
  ],
  Operation: [
    'tags 1 []string',
    'operationId 5 string',
    'produces 6 []string',
    'consumes 7 []string',
    'parameters 8 []ParametersItem',
    'responses 9 Responses',
    'schemes 10 []string',
    'x- 13 extensions',
  ],
  BodyParameter: ['name 2 string', 'in 3 string', 'required 4 bool', 'schema 5 Schema'],
  QueryParameter: ['in 2 string', 'name 4 string', 'type 6 string', 'uniqueItems 20 bool'],
  PathParameter: ['required 1 bool', 'in 2 string', 'name 4 string', 'type 5 string', 'uniqueItems 19 bool'],
  Response: ['description 1 string', 'schema 2 SchemaItem'],
  Docs: ['description 1 string', 'url 2 string'],
  Schema: [
    '$ref 1 string',
    'format 2 string',
    'title 3 string',
    'description 4 string',
    'default 5 any',
    'multipleOf 6 double',
    'maximum 7 double',
    'exclusiveMaximum 8 bool',
    'minimum 9 double',
    'exclusiveMinimum 10 bool',
    'maxLength 11 int',
    'minLength 12 int',
    'pattern 13 string',
    'maxItems 14 int',
    'minItems 15 int',
    'uniqueItems 16 bool',
    'maxProperties 17 int',
    'minProperties 18 int',
    'required 19 []string',
    'enum 20 []any',
    'additionalProperties 21 SchemaOrBool',
    'type 22 TypeItem',
    'items 23 ItemsItem',
    'properties 25 Definitions',
    'externalDocs 29 Docs',
    'example 30 any',
    'x- 31 extensions',
  ],
};

export const encodeDocument = createEncoder({
  messages: MESSAGES,
  types: (message) => ({
    TypeItem: wrapped(1, text),
    ItemsItem: wrapped(1, message('Schema')),
    SchemaItem: wrapped(1, message('Schema')),
    SchemaOrBool: (writer, value) =>
      (isObject(value) ? wrapped(1, message('Schema')) : wrapped(2, flag, VARINT))(writer, value),
    Paths: pairs(2, message('PathItem')),
    Definitions: pairs(1, message('Schema')),
    Responses: pairs(1, wrapped(1, message('Response'))),
    ParametersItem: (writer, value) => {
      const ways: Readonly<Record<string, Write>> = {
        body: wrapped(1, message('BodyParameter')),
        query: wrapped(2, wrapped(3, message('QueryParameter'))),
        path: wrapped(2, wrapped(4, message('PathParameter'))),
      };
      const write = ways[isObject(value) ? String(value['in']) : ''];
      if (write) wrapped(1, write)(writer, value);
    },
  }),
});
