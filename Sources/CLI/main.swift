print("nncost")
