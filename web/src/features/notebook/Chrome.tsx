export { SidePanel } from './SidePanel.tsx'
export { TopBar } from './TopBar.tsx'
