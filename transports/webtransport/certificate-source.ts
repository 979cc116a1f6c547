import type { CertificatePair } from './certificate-check.ts';

/** Where a listener's certificate comes from. */
export interface CertificateSource {
  /** `development`: made here, known to browsers by its hash. `files`: given by the operator. */
  readonly mode: 'development' | 'files';
  /** The folder whose changes matter. */
  readonly folder: string;
  /** What holds now. Rejects with a StartError where that cannot be used. */
  load(nowMs: number): Promise<CertificateSet>;
}

export interface CertificateSet {
  readonly pair: CertificatePair;
  /** Hex SHA-256 for `serverCertificateHashes`: of this certificate and of the next; empty where none may be pinned. */
  readonly hashes: readonly string[];
}

export interface CertificateStoreOptions {
  /** PEM files. Where neither is there, a development certificate is made beside them. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Further names and addresses of a development certificate, besides localhost and the loopback addresses. */
  readonly names?: readonly string[];
  /** Milliseconds between two looks without a sign from the file system, which not all of them give. Default 30,000. */
  readonly pollIntervalMs?: number;
  /** Milliseconds since the epoch. Default the system's clock. */
  readonly now?: () => number;
}
