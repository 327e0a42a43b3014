import { and, asc, eq, or, sql } from 'drizzle-orm'
import type { Database } from './client.ts'
import { files } from './schema.ts'

export type FileRow = typeof files.$inferSelect

/** Named queries about files of notebooks. Synchronous. */
export type FileTables = ReturnType<typeof fileTables>

export function fileTables(db: Database) {
  const of = db
    .select()
    .from(files)
    .where(eq(files.notebookId, sql.placeholder('notebookId')))
    .orderBy(asc(files.uploadedAt), asc(files.tableName))
    .prepare()
  const contentOf = db
    .select({ content: files.content })
    .from(files)
    .where(eq(files.id, sql.placeholder('id')))
    .prepare()
  return {
    /** Of a notebook, the oldest first. */
    of: (notebookId: string): FileRow[] => of.all({ notebookId }),
    contentOf: (id: string): string | undefined => contentOf.get({ id })?.content,
    /** In the place of another one that is the same table. */
    put: (row: FileRow): void => {
      const sameTable = and(eq(files.notebookId, row.notebookId), eq(files.tableName, row.tableName))
      db.delete(files)
        .where(or(eq(files.id, row.id), sameTable))
        .run()
      db.insert(files).values(row).run()
    },
    remove: (id: string): void => void db.delete(files).where(eq(files.id, id)).run(),
    /** Everything that a file is made of, once each. */
    contents: (): Set<string> =>
      new Set(
        db
          .selectDistinct({ content: files.content })
          .from(files)
          .all()
          .map(({ content }) => content),
      ),
    /** Bytes of all files of somebody, in the bin as well. What several notebooks share counts once, and what the server brings along not at all. */
    bytesOf: (ownerId: string): number =>
      db.get<{ bytes: number }>(sql`
        select coalesce(sum(bytes), 0) as bytes from (
          select distinct content, bytes from files join notebooks on notebooks.id = files.notebook_id
          where notebooks.owner_id = ${ownerId} and content not like 'sample:%'
        )`).bytes,
  }
}
