// Certificates and host keys of the servers that repositories are on.

import { flag, type Of, object, optional, text } from '../core/shape.ts';
import { type CertificateList, certificateList } from '../model/certificate.ts';
import type { Endpoint } from './endpoint.ts';
import type { Action, ObjectRight } from './rights.ts';

const PATH = '/api/v1/certificates';

const query = object({
  /** A glob. */
  hostNamePattern: optional(text),
  certType: optional(text),
  certSubType: optional(text),
});

export interface CertificateQuery extends Of<typeof query> {}

const may = (action: Action): ObjectRight<unknown> => ({ resource: 'certificates', action, object: () => '' });

export const listCertificates: Endpoint<CertificateQuery, CertificateList> = {
  method: 'GET',
  path: PATH,
  right: may('get'),
  input: query,
  output: certificateList,
};

const createInput = object({ certificates: certificateList, upsert: optional(flag) });

/** Answers those that were added or changed. */
export const createCertificates: Endpoint<Of<typeof createInput>, CertificateList> = {
  method: 'POST',
  path: PATH,
  right: may('create'),
  body: 'certificates',
  input: createInput,
  output: certificateList,
};

/** Answers those that were removed. */
export const deleteCertificates: Endpoint<CertificateQuery, CertificateList> = {
  method: 'DELETE',
  path: PATH,
  right: may('delete'),
  input: query,
  output: certificateList,
};
