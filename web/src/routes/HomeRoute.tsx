import { HomePage } from '../features/home/HomePage.tsx'
import { Queries } from '../queries.tsx'

export default function HomeRoute() {
  return (
    <Queries>
      <HomePage />
    </Queries>
  )
}
