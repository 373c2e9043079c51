const { total } = await (await fetch('/api/count')).json()
document.getElementById('count').textContent = total
