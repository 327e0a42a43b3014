interface Policy {
  createScriptURL: (url: string) => { toString: () => string }
}

interface TrustedTypes {
  createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => Policy
}

let policy: Policy | undefined

/** Browsers that ask where scripts come from are told once: from here. The others take the address as it is. */
function trusted(url: string): string | URL {
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes
  if (!factory) return url
  policy ??= factory.createPolicy('rivulet-worker', { createScriptURL: own })
  // The constructor takes what the policy made; its types do not know of it yet.
  return policy.createScriptURL(url) as string | URL
}

function own(url: string): string {
  if (new URL(url, location.href).origin !== location.origin) throw new Error(`${url} is not a script of this page`)
  return url
}

/** A thread that runs one of the page's own modules, by its address. */
export function startWorker(url: string): Worker {
  return new Worker(trusted(url), { type: 'module' })
}
