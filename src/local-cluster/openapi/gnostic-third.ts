// OpenAPI's third version in protobuf: the messages of gnostic, as far as our documents need them.

import { isObject, type Json } from '../../core/json.ts';
import { FIXED64, VARINT } from '../protobuf/writer.ts';
import { createEncoder, double, flag, pairs, text, type Write, wrapped } from './gnostic.ts';

const METHODS = ['get 4', 'put 5', 'post 6', 'delete 7', 'options 8', 'head 9', 'patch 10'];

const MESSAGES = {
  Document: ['openapi 1 string', 'info 2 Info', 'paths 4 Paths', 'components 5 Components'],
  Info: ['title 1 string', 'version 6 string'],
  Components: ['schemas 1 Schemas', 'securitySchemes 7 SecuritySchemes'],
  SecurityScheme: ['type 1 string', 'description 2 string', 'name 3 string', 'in 4 string'],
  PathItem: [...METHODS.map((method) => `${method} Operation`), 'parameters 13 []ParameterOrReference'],
  Operation: [
    'tags 1 []string',
    'description 3 string',
    'operationId 5 string',
    'parameters 6 []ParameterOrReference',
    'requestBody 7 BodyOrReference',
    'responses 8 Responses',
    'x- 13 extensions',
  ],
  Parameter: ['name 1 string', 'in 2 string', 'required 4 bool', 'schema 10 SchemaOrReference'],
  RequestBody: ['content 2 MediaTypes', 'required 3 bool'],
  MediaType: ['schema 1 SchemaOrReference'],
  Response: ['description 1 string', 'content 3 MediaTypes'],
  Docs: ['description 1 string', 'url 2 string'],
  Reference: ['$ref 1 string'],
  Schema: [
    'nullable 1 bool',
    'externalDocs 6 Docs',
    'example 7 any',
    'title 9 string',
    'multipleOf 10 double',
    'maximum 11 double',
    'exclusiveMaximum 12 bool',
    'minimum 13 double',
    'exclusiveMinimum 14 bool',
    'maxLength 15 int',
    'minLength 16 int',
    'pattern 17 string',
    'maxItems 18 int',
    'minItems 19 int',
    'uniqueItems 20 bool',
    'maxProperties 21 int',
    'minProperties 22 int',
    'required 23 []string',
    'enum 24 []any',
    'type 25 string',
    'allOf 26 []SchemaOrReference',
    'oneOf 27 []SchemaOrReference',
    'anyOf 28 []SchemaOrReference',
    'not 29 Schema',
    'items 30 ItemsItem',
    'properties 31 Schemas',
    'additionalProperties 32 SchemaOrBool',
    'default 33 Default',
    'description 34 string',
    'format 35 string',
    'x- 36 extensions',
  ],
} as const;

/** A value that is read as a default; one with parts is told as an empty message. */
const defaultValue: Write = (writer, value) => DEFAULTS[typeof value]?.(writer, value);

const DEFAULTS: Readonly<Record<string, Write>> = {
  number: wrapped(1, double, FIXED64),
  boolean: wrapped(2, flag, VARINT),
  string: wrapped(3, text),
};

const isReference = (value: Json): boolean => isObject(value) && value['$ref'] !== undefined;

export const encodeThird = createEncoder({
  messages: MESSAGES,
  types: (message) => {
    const schema: Write = (writer, value) =>
      (isReference(value) ? wrapped(2, message('Reference')) : wrapped(1, message('Schema')))(writer, value);
    const own = (name: string): Write => wrapped(1, message(name));
    return {
      SchemaOrReference: schema,
      Schemas: pairs(1, schema),
      SecuritySchemes: pairs(1, own('SecurityScheme')),
      Paths: pairs(1, message('PathItem')),
      ParameterOrReference: own('Parameter'),
      BodyOrReference: own('RequestBody'),
      Responses: pairs(2, own('Response')),
      MediaTypes: pairs(1, message('MediaType')),
      ItemsItem: wrapped(1, schema),
      SchemaOrBool: (writer, value) => (isObject(value) ? wrapped(1, schema) : wrapped(2, flag, VARINT))(writer, value),
      Default: defaultValue,
    };
  },
});
