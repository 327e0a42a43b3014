export const LOGO = '/icon.svg'

export function Logo({ size = 22 }: { size?: number }) {
  return <img src={LOGO} width={size} height={size} alt="" className="shrink-0" />
}
