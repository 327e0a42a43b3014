import { afterAll } from 'vitest'
import { removeHomeFolder } from './testHome.ts'

// The processes in which tests run are ended from outside: they cannot clear up when they exit.
afterAll(removeHomeFolder)
