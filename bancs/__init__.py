"""Le banc d’essai : ce que coûte chaque écran et chaque geste, contre son plancher, dans le même passage."""
