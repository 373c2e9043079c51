const response = await fetch('/healthz')
const { status } = await response.json()
document.getElementById('health').textContent = status
