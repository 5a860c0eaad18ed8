print("nothing of nanproof")
