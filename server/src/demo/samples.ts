import type { FileRow } from '@rivulet/db/files'

const penguins: Omit<FileRow, 'id' | 'notebookId'> = {
  content: 'sample:penguins',
  name: 'penguins.csv',
  tableName: 'penguins',
  format: 'csv',
  bytes: 13478,
  rows: 344,
  columns: [
    { name: 'species', type: 'VARCHAR' },
    { name: 'island', type: 'VARCHAR' },
    { name: 'bill_length_mm', type: 'DOUBLE' },
    { name: 'bill_depth_mm', type: 'DOUBLE' },
    { name: 'flipper_length_mm', type: 'INTEGER' },
    { name: 'body_mass_g', type: 'INTEGER' },
    { name: 'sex', type: 'VARCHAR' },
  ],
  uploadedAt: '2026-01-01T00:00:00.000Z',
}

/** Files that the demo notebook comes with: known beforehand, so that making one reads none. A test compares them with what an engine finds. */
export const DEMO_FILES = [penguins]
