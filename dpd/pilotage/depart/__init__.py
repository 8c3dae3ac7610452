"""Le départ d’une collectivité : tout ce que la maison tient d’elle, rendu dans des formats ouverts."""
